import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { siteHouse, type Asking, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const echo = `export default ({ param }) => param('test') ?? false`

const site = {
  'api/custom.ts': echo,
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

describe('files that cannot be endpoints stop the start, by name', () => {
  const rows: readonly [name: string, files: Readonly<Record<string, string>>, said: RegExp][] = [
    [
      'a verb said twice in one file',
      { 'api/a.get.ts': 'export function GET() {}' },
      /api\/a\.get\.ts:1: .*says GET.*says a verb too/,
    ],
    [
      'a verb said by two files',
      { 'api/a.get.ts': 'export default () => 1', 'api/a.ts': '\nexport function GET() {}' },
      /GET \/api\/a is claimed twice: by api\/a\.get\.ts:1 and by api\/a\.ts:2/,
    ],
    [
      'two names for one path',
      { 'api/[a].ts': 'export default () => 1', 'api/[b].ts': 'export default () => 1' },
      /claimed twice: by api\/\[a\]\.ts:1 and by api\/\[b\]\.ts:1/,
    ],
    ['a syntax error', { 'api/a.ts': 'export default () =>\n  ({ a: }' }, /api\/a\.ts:2/],
    ['what type stripping refuses', { 'api/a.ts': 'enum Kind { A }\nexport default () => Kind.A' }, /api\/a\.ts:1/],
    ['an import of nothing', { 'api/a.ts': "import './b.ts'\nexport default () => 1" }, /api\/a\.ts/],
    ['a throw while loading', { 'api/a.ts': "\nthrow new Error('no database')" }, /api\/a\.ts:2.*no database/],
    ['no export', { 'api/a.ts': 'const one = 1' }, /api\/a\.ts:1: This file exports no endpoint/],
    [
      'an export that is no endpoint',
      { 'api/a.ts': 'export default () => 1\nexport const limit = 3' },
      /api\/a\.ts:2: "limit" is no endpoint/,
    ],
    ['a verb in small letters', { 'api/a.ts': 'export function get() {}' }, /GET/],
    [
      'a default that is no function',
      { 'api/a.ts': 'export default { a: 1 }' },
      /api\/a\.ts:1: "default" is an object/,
    ],
    ['a class', { 'api/a.ts': 'export default class A {}' }, /"default" is a class/],
    ['a verb that is not to be claimed', { 'api/a.options.ts': 'export default () => 1' }, /OPTIONS cannot be claimed/],
    ['something after the rest', { 'api/[...rest]/a.ts': 'export default () => 1' }, /takes the rest of a path/],
    ['a name used twice', { 'api/[id]/[id].ts': 'export default () => 1' }, /used twice/],
    ['a character no path has', { 'api/a b.ts': 'export default () => 1' }, /cannot be a part of a path/],
    [
      'a rule that is none',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: { roles: ['a'] }, handler: () => 1 })",
      },
      /api\/a\.ts:2.*unknown rule "roles"/,
    ],
    [
      'a rule on what the path lacks',
      {
        'api/a.ts':
          "import { allow, defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: allow.self({ param: 'id' }), handler: () => 1 })",
      },
      /api\/a\.ts:2.*no path parameter "id"/,
    ],
    [
      'an option that is none',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorise: 'everyone', handler: () => 1 })",
      },
      /api\/a\.ts.*"authorise"/,
    ],
    [
      'a path of its own',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ path: '/b', handler: () => 1 })",
      },
      /take "path" out/,
    ],
  ]
  for (const [name, files, said] of rows) {
    test(name, async () => {
      await assert.rejects(async () => {
        await using house = await siteHouse(files)
        assert.fail(`it opened with ${house.house.records().length} endpoints`)
      }, said)
    })
  }

  test('all that is wrong is told at once', async () => {
    await assert.rejects(
      siteHouse({
        'api/a.ts': 'export const a = 1',
        'api/b.ts': 'export const b = 1',
        'api/c.ts': 'export default () => 1',
      }),
      /api\/a\.ts:1[^]*api\/b\.ts:1/,
    )
  })
})
