import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { openTestSite } from '../../src/testing/index.ts'
import { siteHouse, type Asking, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const echo = `export default ({ param }) => param('test') ?? false`

const site = {
  'api/custom.ts': echo,
  'rules/sunny.ts': `export default ({ params }) => { if (params.day === 'broken') throw new Error('no forecast'); return params.day === 'monday' }`,
  'api/days/[day].ts': `import { allow, defineEndpoint } from 'postern'\nexport const GET = defineEndpoint({ authorize: allow.when('sunny'), handler: ({ params }) => params.day })`,
  'api/public/custom.ts': echo,
  'api/hello.get.ts': `export default () => 'got'`,
  'api/hello.post.ts': `export default () => 'posted'`,
  'api/verbs.ts': `export function GET() { return 'got' }\nexport const PUT = async () => ({ put: true })`,
  'api/mixed.ts': `export default ({ method }) => method\nexport function GET() { return 'got' }`,
  'api/items/[code].ts': `export default ({ params, param }) => ({ code: params.code, seen: param('code') })`,
  'api/items/new.get.ts': `export default () => 'a new one'`,
  'api/docs/[...rest].ts': `export default ({ params }) => params.rest`,
  'api/shop/index.ts': `export default () => 'the shop'`,
  'api/shop/[id]/parts/index.get.ts': `export default ({ params }) => ({ ...params })`,
  'api/public/_shared.ts': `export const secret = 'not an endpoint'`,
  'api/_drafts/later.ts': `export default () => 'not yet'`,
  'api/public/uses.ts': `import { secret } from './_shared.ts'\nexport default () => secret`,
  'api/public/thing.test.ts': `throw new Error('a test is not loaded')`,
  'api/public/kinds.ts': `
    const kinds = {
      text: () => '<b>bold</b>', number: () => 42, yes: () => true, no: () => false, nothing: () => undefined, null: () => null,
      list: () => [1, 2], object: () => ({ a: 1 }), empty: () => '', own: () => new Response('own', { status: 202, headers: { 'x-own': '1' } }),
      stream: () => new Blob(['a', 'b']).stream(), said: ({ reply }) => { reply.status(201).header('location', '/x'); return { id: 1 } },
      cyclic: () => { const one = {}; one.self = one; return one }, big: () => 1n, symbol: () => Symbol('s'),
      throwsNull: () => { throw null }, throwsText: () => { throw 'secret text' }, late: async () => { await 1; throw new Error('secret path /etc/passwd') },
      getter: () => ({ get a() { throw new Error('secret getter') } }),
    }
    export default (call) => kinds[call.param('kind')](call)`,
  'api/public/said.ts': `
    import { z } from 'zod'
    import { allow, defineEndpoint } from 'postern'
    export const GET = defineEndpoint({
      description: 'Says what it was sent.',
      query: z.object({ count: z.number().int(), tag: z.string().optional() }),
      handler: ({ query }) => query,
    })
    export const POST = defineEndpoint({
      authorize: allow.role('editor'),
      body: z.strictObject({ title: z.string().min(1) }),
      handler: ({ body }) => body,
    })`,
}

describe('endpoints from files', () => {
  let house: SiteHouse
  let token: string
  before(async () => {
    house = await siteHouse(site)
    token = await house.token()
  })
  after(() => house[Symbol.asyncDispose]())

  const withToken = async (request: string, asking: Asking = {}): Promise<Told> =>
    house.ask(request, { token, ...asking })

  const rows: readonly [request: string, caller: 'nobody' | 'token', status: number, text?: string][] = [
    ['GET /api/custom?test=foo,bar,baz', 'token', 200, 'foo,bar,baz'],
    ['GET /api/custom', 'token', 404],
    ['GET /api/custom?test=foo,bar,baz', 'nobody', 401],
    ['GET /api/custom', 'nobody', 401],
    ['GET /api/public/custom?test=foo,bar,baz', 'nobody', 200, 'foo,bar,baz'],
    ['GET /api/public/custom', 'nobody', 404],
    ['GET /api/public/custom/extra', 'nobody', 404],
    ['DELETE /api/public/custom?test=1', 'nobody', 200, '1'],
    ['GET /api/hello', 'token', 200, 'got'],
    ['GET /api/days/monday', 'nobody', 200, 'monday'],
    ['GET /api/days/tuesday', 'nobody', 401],
    ['GET /api/days/tuesday', 'token', 403],
    ['GET /api/days/broken', 'token', 403],
    ['POST /api/hello', 'token', 200, 'posted'],
    ['PUT /api/hello', 'token', 405],
    ['GET /api/hello.post', 'token', 404],
    ['POST /api/hello.post', 'token', 404],
    ['GET /api/hello.get', 'token', 404],
    ['GET /api/hello.post.ts', 'token', 404],
    ['GET /api/custom.ts', 'token', 404],
    ['GET /api/verbs', 'token', 200, 'got'],
    ['PUT /api/verbs', 'token', 200, '{"put":true}'],
    ['POST /api/verbs', 'token', 405],
    ['GET /api/mixed', 'token', 200, 'got'],
    ['PATCH /api/mixed', 'token', 200, 'PATCH'],
    ['GET /api/items/AAA', 'token', 200, '{"code":"AAA","seen":"AAA"}'],
    ['GET /api/items/caf%C3%A9?code=other', 'token', 200, '{"code":"café","seen":"café"}'],
    ['GET /api/items/new', 'token', 200, 'a new one'],
    ['GET /api/items', 'token', 404],
    ['GET /api/items/a/b', 'token', 404],
    ['GET /api/items/[code]', 'token', 200, '{"code":"[code]","seen":"[code]"}'],
    ['GET /api/docs/a/b/c', 'token', 200, 'a/b/c'],
    ['GET /api/docs', 'token', 404],
    ['GET /api/shop', 'token', 200, 'the shop'],
    ['GET /api/shop/index', 'token', 404],
    ['GET /api/shop/7/parts', 'token', 200, '{"id":"7"}'],
    ['GET /api/public/_shared', 'token', 404],
    ['GET /api/_drafts/later', 'token', 404],
    ['GET /api/public/uses', 'nobody', 200, 'not an endpoint'],
    ['GET /api/public/thing.test', 'token', 404],
    ['GET /api/public/thing', 'token', 404],
    ['GET /api/Custom?test=1', 'token', 404],
    ['GET /api/custom/?test=1', 'token', 404],
    ['GET /api//custom?test=1', 'token', 404],
    ['GET /api/custom.?test=1', 'token', 404],
    ['GET /api/custom;x?test=1', 'token', 404],
    ['GET /api/public/../custom?test=1', 'nobody', 404],
    ['GET /api/public/%2e%2e/custom?test=1', 'nobody', 404],
    ['GET /api/public/..%2fcustom?test=1', 'nobody', 400],
    ['GET /api/public/..%5ccustom?test=1', 'nobody', 400],
    ['GET /api/public/custom%00?test=1', 'nobody', 400],
    ['GET /api/%63ustom?test=1', 'nobody', 404],
  ]
  for (const [request, caller, status, text] of rows) {
    test(`${request} as ${caller} → ${status}`, async () => {
      const told = caller === 'token' ? await withToken(request) : await house.ask(request)
      assert.equal(told.status, status, told.text)
      if (text !== undefined) assert.equal(told.text, text)
    })
  }

  test('a public endpoint still refuses a wrong credential', async () => {
    const told = await house.ask('GET /api/public/custom?test=1', { token: 'wrong' })
    assert.equal(told.status, 401)
  })

  test('param reads path, query, JSON and form, in that order', async () => {
    const json = await withToken('POST /api/custom', { body: { test: 'in the body' } })
    const form = await withToken('POST /api/custom', {
      body: 'test=in+a+form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const both = await withToken('POST /api/custom?test=in+the+query', { body: { test: 'in the body' } })
    assert.deepEqual([json.text, form.text, both.text], ['in the body', 'in a form', 'in the query'])
  })

  test('a malformed body is refused before the handler runs', async () => {
    const told = await withToken('POST /api/custom?test=1', {
      body: '{"test":',
      headers: { 'content-type': 'application/json' },
    })
    assert.deepEqual([told.status, (told.json as { code: string }).code], [400, 'BAD_BODY'])
  })

  const kinds: readonly [kind: string, status: number, type: string | undefined, text?: string][] = [
    ['text', 200, 'text/plain; charset=utf-8', '<b>bold</b>'],
    ['number', 200, 'application/json; charset=utf-8', '42'],
    ['yes', 200, 'application/json; charset=utf-8', 'true'],
    ['no', 404, 'application/problem+json'],
    ['nothing', 204, undefined, ''],
    ['null', 204, undefined, ''],
    ['list', 200, 'application/json; charset=utf-8', '[1,2]'],
    ['object', 200, 'application/json; charset=utf-8', '{"a":1}'],
    ['empty', 200, 'text/plain; charset=utf-8', ''],
    ['own', 202, 'text/plain;charset=UTF-8', 'own'],
    ['stream', 200, 'application/octet-stream', 'ab'],
    ['said', 201, 'application/json; charset=utf-8', '{"id":1}'],
    ['cyclic', 500, 'application/problem+json'],
    ['big', 500, 'application/problem+json'],
    ['symbol', 500, 'application/problem+json'],
    ['throwsNull', 500, 'application/problem+json'],
    ['throwsText', 500, 'application/problem+json'],
    ['late', 500, 'application/problem+json'],
    ['getter', 500, 'application/problem+json'],
  ]
  for (const [kind, status, type, text] of kinds) {
    test(`a handler that returns or throws: ${kind} → ${status}`, async () => {
      const told = await house.ask(`GET /api/public/kinds?kind=${kind}`)
      assert.equal(told.status, status, told.text)
      assert.equal(told.headers['content-type']?.slice(0, type?.length), type)
      if (text !== undefined) assert.equal(told.text, text)
      assert.doesNotMatch(told.text, /secret|passwd|\.ts/)
    })
  }

  test('defineEndpoint says more: strict query, coerced values, rule, body', async () => {
    const editor = await house.person('eve', ['editor'])
    const found = await house.ask('GET /api/public/said?count=3')
    assert.deepEqual([found.status, found.json], [200, { count: 3 }])
    assert.equal((await house.ask('GET /api/public/said?count=three')).status, 400)
    const misspelt = await house.ask('GET /api/public/said?count=3&tga=x')
    assert.deepEqual([misspelt.status, /"tag"|`tag`|tag\b/.test(misspelt.text)], [400, true])
    const posting = { body: { title: 'Hello' } }
    assert.equal((await house.ask('POST /api/public/said', posting)).status, 401)
    assert.equal((await house.ask('POST /api/public/said', { ...posting, token })).status, 403)
    assert.equal((await house.ask('POST /api/public/said', { ...posting, token: editor.token })).status, 200)
    assert.equal((await house.ask('POST /api/public/said', { body: { title: '' }, token: editor.token })).status, 422)
  })
})

/** The other site has finished while the one's file, which has named its functions, is still loading. */
test('two sites that load at the same moment keep the functions of their own rules', async () => {
  const saying = (word: string, before: number, after: number) => `
    import { allow, defineEndpoint } from 'postern'
    import { setTimeout as sleep } from 'node:timers/promises'
    await sleep(${before})
    const authorize = allow.any(allow.when('theirs', ({ params }) => params.word === '${word}'), allow.when('${word}-only', () => false))
    await sleep(${after})
    export const GET = defineEndpoint({ authorize, handler: () => '${word}' })`
  const [one, other] = await Promise.all([
    siteHouse({ 'api/say/[word].ts': saying('one', 5, 90) }),
    siteHouse({ 'api/say/[word].ts': saying('other', 40, 0) }),
  ])
  try {
    const told = []
    for (const house of [one, other])
      for (const word of ['one', 'other']) told.push((await house.ask(`GET /api/say/${word}`)).text.slice(0, 5))
    assert.deepEqual(told, ['one', '{"typ', '{"typ', 'other'])
  } finally {
    await one[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
  }
})

for (const isolation of ['inline', 'thread'] as const)
  test(`a rule's function that throws denies, and the log says which and why (${isolation})`, async () => {
    const file = `import { allow, defineEndpoint } from 'postern'
    export default defineEndpoint({ authorize: allow.when('moody', () => { throw new Error('not today') }), handler: () => 'never' })`
    await using site = await openTestSite({ files: { 'api/mood.ts': file }, isolation })
    const answer = await site.as('tom').request('GET', '/api/mood')
    assert.equal(answer.status, 403)
    assert.doesNotMatch(answer.text, /not today|never/)
    const told = site.observed.flatMap((seen) =>
      seen.kind === 'house.failed' ? [[seen.where, inspect(seen.thrown)]] : [],
    )
    assert.equal(told.length, 1)
    assert.match(String(told), /moody.*not today/s)
  })
