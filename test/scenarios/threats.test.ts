import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTestSite, type TestAnswer, type TestSite } from '../../src/testing/index.ts'

/*
 * Holes that the field really had, each tried through the front door. Those of accounts, of paths and bodies, and of hidden rows
 * have files of their own; docs/reference/threats.md says which row is where.
 */
describe('what the field fell over', () => {
  let site: TestSite
  before(async () => {
    site = await openTestSite({ files, isolation: 'thread' })
    await site.house.accounts.createUser({ name: 'admin', roles: ['admin'] })
  })
  after(() => site.close())

  it('V19 V20 gives nobody the answer of somebody else, however many ask one address at once', async () => {
    const people = Array.from({ length: 40 }, (_, index) => site.as(`person-${index}`, ['member']))
    await Promise.all(people.map((person) => person.request('GET', '/api/whoami?canary=warm')))
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        people.map((person, index) => person.request('GET', `/api/whoami?canary=c${round}-${index}`)),
      )
      answers.forEach((answer, index) => {
        assert.deepEqual(answer.body, { name: `person-${index}`, canary: `c${round}-${index}` })
        assert.match(String(answer.headers['cache-control']), /private|no-store/)
      })
    }
  })

  it('V20 keeps what a controller sets to the request that set it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => site.request('GET', `/api/slow/${index}`)),
    )
    answers.forEach((answer, index) => assert.deepEqual(dataOf(answer), [String(index)]))
  })

  it('V22 V18 names no version, path or query of its own making to a stranger', async () => {
    const answers = [
      await site.request('GET', '/api'),
      await site.request('GET', '/nowhere'),
      await site.request('GET', '/api/public/throws'),
      await site.request('GET', '/api/openapi.json'),
      await site.request('GET', "/api/objects?sort='"),
    ]
    for (const { headers, text } of answers) {
      assert.equal(headers.server, undefined)
      assert.equal(headers['x-powered-by'], undefined)
      assert.doesNotMatch(text, /fastify|node_modules|\.ts:\d|select .* from|sqlite/i)
      assert.doesNotMatch(text, /"version":"\d+\.\d+/)
    }
    assert.equal(answers[2]?.status, 500)
    assert.doesNotMatch(answers[2]?.text ?? '', /the cause is secret/)
  })

  it('V24 V38 serves no type of which nobody said who may read it', async () => {
    for (const path of ['/api/locked', '/api/objects?filter[object_type]=locker', '/api/get/lockers'])
      assert.ok((await site.as('admin').request('GET', path)).status >= 400, path)
    const all = await site.as('admin').request('GET', '/api/objects?page_size=100')
    assert.doesNotMatch(all.text, /locker/)
  })

  it('V31 takes an empty set for nothing, never for everything', async () => {
    await site.house.content.create('card', { title: 'In a set', name: 'Set', status: 'on' })
    for (const filter of ['filter[name][in]=', 'filter[name]=,', 'filter[name][in]=,,'])
      assert.ok(isNothing(await site.request('GET', `/api/cards?${filter}`)), filter)
    const destroyed = await site.as('admin').request('DELETE', '/api/destroy/cards', { body: {} })
    assert.equal(destroyed.status, 400)
    assert.ok(((await site.request('GET', '/api/cards')).body as { data: unknown[] }).data.length > 0)
  })

  it('V34 V35 V30 takes no field that the server owns, when creating, changing or in a list', async () => {
    const own = { id: 7, version: 9, created: '2000-01-01T00:00:00Z', modified: '2000-01-01T00:00:00Z', trashed: null }
    const tom = site.as('tom', ['member'])
    const made = await tom.request('POST', '/api/objects', { body: card({ name: 'Own' }) })
    assert.equal(made.status, 201)
    const { id } = dataOf(made) as { id: number }
    for (const [name, value] of Object.entries(own)) {
      for (const body of [card({ [name]: value }), [card({ name: 'x' }), card({ [name]: value })]])
        assert.equal((await tom.request('POST', '/api/objects', { body })).status, 400, `create ${name}`)
      if (name === 'version') continue
      assert.equal((await tom.request('PATCH', `/api/objects/${id}`, { body: { [name]: value } })).status, 400, name)
    }
    const stolen = await tom.request('PATCH', `/api/objects/${id}`, { body: { owner: 1 } })
    assert.ok([400, 403, 422].includes(stolen.status), `owner: ${stolen.status}`)
    assert.equal((dataOf(await tom.request('GET', `/api/objects/${id}`)) as { version: number }).version, 1)
  })

  it("V36 gives a handler the caller's rights; only asSystem goes around them, and is noted", async () => {
    const secret = await site.house.content.create('diary', { title: 'Private', status: 'on' })
    const tom = site.as('tom', ['member'])
    assert.equal((await tom.request('GET', `/api/diary/${secret.id}`)).status, 404)
    const seen = site.observed.length
    const around = await tom.request('GET', `/api/diary/${secret.id}?system=yes`)
    assert.equal(around.status, 200)
    const notes = site.observed.slice(seen).filter((one) => one.kind === 'system.used')
    assert.deepEqual(
      notes.map((one) => one.reason),
      ['a test of the way around'],
    )
  })

  it('V37 runs no hook for what is refused', async () => {
    const before = await countOf(site)
    assert.equal((await site.request('GET', '/api/hooked')).status, 401)
    assert.equal((await site.as('tom').request('GET', '/api/hooked')).status, 403)
    assert.equal(await countOf(site), before)
    assert.equal((await site.as('admin').request('GET', '/api/hooked')).status, 200)
    assert.equal(await countOf(site), before + 1)
  })

  it('V39 does all of several at once, or none', async () => {
    const tom = site.as('tom', ['member'])
    const total = async () =>
      ((await tom.request('GET', '/api/cards')).body as { paging: { total: number } }).paging.total
    const before = await total()
    const body = [card({ name: 'one' }), card({ name: 5 })]
    assert.equal((await tom.request('POST', '/api/objects', { body })).status, 422)
    const foreign = [card({ name: 'one' }), { object_type: 'locker', title: 'x' }]
    assert.ok((await tom.request('POST', '/api/objects', { body: foreign })).status >= 400)
    assert.equal(await total(), before)
  })

  it('V65 opens answers to named origins only, and never with cookies to all', async () => {
    for (const origin of [
      'https://evil.test',
      'https://good.test.evil.test',
      'https://evilgood.test',
      'null',
      'http://good.test',
    ]) {
      const { headers } = await site.request('GET', '/api', { headers: { origin } })
      assert.equal(headers['access-control-allow-origin'], undefined, origin)
      const preflight = await site.request('OPTIONS', '/api', {
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      assert.equal(preflight.headers['access-control-allow-origin'], undefined, origin)
    }
    const good = await site.request('GET', '/api', { headers: { origin: 'https://good.test' } })
    assert.equal(good.headers['access-control-allow-origin'], 'https://good.test')
    assert.match(String(good.headers.vary), /origin/i)
  })

  it('V67 does not start with a secret that is too weak', async () => {
    await assert.rejects(
      openTestSite({ files: { 'api/a.ts': 'export const GET = () => 1' }, env: { SECRET: 'changeme' } }),
      /secret/,
    )
  })

  it('V70 V71 V03 V69 puts no text of a caller into SQL, whatever stands in its place', async () => {
    const hostile = [
      "'",
      "' or 1=1 --",
      '"; drop table objects; --',
      '1) union select * from users --',
      '`',
      '\\',
      '$ne',
      '{"$gt":""}',
      '[object Object]',
      't.password',
      'o.id',
      '(select 1)',
    ]
    const before = (await site.request('GET', '/api/cards')).text
    for (const text of hostile) {
      const word = encodeURIComponent(text)
      for (const target of [
        `/api/objects/${word}`,
        `/api/cards?filter[name]=${word}`,
        `/api/cards?filter[${word}]=1`,
        `/api/cards?filter[name][${word}]=1`,
        `/api/cards?sort=${word}`,
        `/api/cards?fields=${word}`,
        `/api/cards?cursor=${word}`,
        `/api/cards?page=${word}`,
        `/api/cards?id=${word}`,
        `/api/cards?filter[query]=${word}`,
        `/api/cards?filter[substring]=${word}`,
        `/api/cards?embed[relations]=${word}`,
        `/api/cards?lang=${word}`,
      ]) {
        const { status, text: told } = await site.request('GET', target)
        assert.ok(status === 200 || (status >= 400 && status < 500), `${target}: ${status}`)
        assert.doesNotMatch(told, /syntax error|no such|SQLITE|near "/i)
      }
      const written = await site.as('tom').request('POST', '/api/objects', { body: card({ [text]: 'x' }) })
      assert.equal(written.status, 400)
    }
    assert.equal((await site.request('GET', '/api/cards')).text, before)
  })

  it('V76 V77 V104 leaves every prototype as it was', async () => {
    const frozen = Object.getOwnPropertyNames(Object.prototype).join()
    const tom = site.as('tom')
    for (const body of [
      '{"__proto__":{"admin":true}}',
      '{"object_type":"card","constructor":{"prototype":{"admin":true}}}',
      '{"object_type":"card","name":{"__proto__":{"x":1}}}',
      '[{"__proto__":[]}]',
    ])
      assert.equal(
        (await tom.request('POST', '/api/objects', { body, headers: { 'content-type': 'application/json' } })).status,
        400,
        body,
      )
    for (const query of [
      '__proto__[a]=1',
      'filter[__proto__]=1',
      'filter[constructor]=1',
      'constructor.prototype.a=1',
      'sort=__proto__',
      'fields=constructor',
    ])
      assert.equal((await site.request('GET', `/api/cards?${query}`)).status, 400, query)
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), frozen)
    assert.equal((await site.request('GET', '/api/public/echo?toString=1')).status, 200)
  })

  it('V78 gives a repeated name one meaning: none', async () => {
    for (const query of ['a=1&a=2', 'a=1&%61=2', 'filter[name]=a&filter[name]=b'])
      assert.equal((await site.request('GET', `/api/public/echo?${query}`)).status, 400, query)
    assert.deepEqual((await site.request('GET', '/api/public/echo?a[]=1&a[0]=2')).body, { 'a[]': '1', 'a[0]': '2' })
  })

  it('V81 keeps odd text as it is, or refuses it', async () => {
    const tom = site.as('tom')
    for (const name of naughty) {
      const made = await tom.request('POST', '/api/objects', { body: card({ name }) })
      if (made.status === 201) assert.equal((dataOf(made) as { name: string }).name, name)
      else assert.equal(made.status, 422, JSON.stringify(name))
    }
  })

  it('V83 lets no line break into a header or an address', async () => {
    for (const value of ['a%0d%0ax-evil:1', 'a%0ab', '%00', 'a%e2%80%a8b']) {
      const { status, headers } = await site.request('GET', `/api/public/header?value=${value}`)
      assert.ok(status >= 400, value)
      assert.equal(headers['x-evil'], undefined)
    }
  })

  it('V94 survives methods, headers and parameters called like properties of objects', async () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      assert.ok((await site.request('GET', `/api/objects/${word}`)).status < 500)
      assert.ok((await site.request('GET', `/api/${word}`)).status === 404)
      assert.ok((await site.request('GET', '/api', { headers: { [word]: 'x' } })).status === 200)
      assert.ok((await site.request('GET', `/api/objects?filter[object_type]=${word}`)).status < 500)
    }
  })

  it('V97 V98 refuses absurd questions before doing any work', async () => {
    for (const query of [
      'page=0',
      'page=-1',
      'page=1.5',
      'page=x',
      'page=1e9',
      'page_size=0',
      'page_size=101',
      'page_size=1e3',
      'page_size=NaN',
      `id=${Array.from({ length: 101 }, (_, index) => index + 1).join()}`,
      'embed[relations]=a|100,b|100',
    ]) {
      const { status } = await site.request('GET', `/api/cards?${query}`)
      assert.equal(status, 400, query)
    }
  })

  it('V107 asks the rule in the write itself: an owner who is no more the owner changes nothing', async () => {
    const tom = site.as('tom')
    const { id } = dataOf(await tom.request('POST', '/api/objects', { body: card({ name: 'Mine' }) })) as { id: number }
    const jerry = await site.house.accounts.createUser({ name: 'jerry' })
    await site.house.content.update('card', id, { owner: jerry.id })
    assert.equal((await tom.request('PATCH', `/api/objects/${id}`, { body: { name: 'Still mine?' } })).status, 403)
    assert.equal((dataOf(await site.request('GET', `/api/objects/${id}`)) as { name: string }).name, 'Mine')
  })

  it('V108 V111 tells health without the database, and says on every answer how it may be used', async () => {
    const { headers, status } = await site.request('GET', '/healthz')
    assert.equal(status, 200)
    for (const answer of [
      headers,
      (await site.request('GET', '/api')).headers,
      (await site.request('GET', '/nowhere')).headers,
    ]) {
      assert.equal(answer['x-content-type-options'], 'nosniff')
      assert.match(String(answer['content-security-policy']), /default-src 'none'/)
      assert.equal(answer['cross-origin-opener-policy'], 'same-origin')
      assert.match(String(answer['referrer-policy']), /no-referrer|same-origin/)
    }
  })
})

function card(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { object_type: 'card', title: 'Card', status: 'on', ...fields }
}

function dataOf(answer: TestAnswer): unknown {
  return (answer.body as { data?: unknown }).data
}

function isNothing({ status, body }: TestAnswer): boolean {
  return status === 400 || (body as { data: unknown[] }).data.length === 0
}

async function countOf(site: TestSite): Promise<number> {
  return Number((await site.as('admin').request('GET', '/api/count')).text)
}

const naughty = [
  '',
  ' ',
  'undefined',
  'NULL',
  'ﷺ',
  'Ω≈ç√∫',
  '👩‍👩‍👧‍👦',
  '\u202Etest',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff',
  "'; --",
  '<script>alert(1)</script>',
  '${7*7}',
  '{{7*7}}',
  '\u0007',
  '\r\n',
  '＜',
  'İ',
  'ß',
  '١٢٣',
  'x'.repeat(10_000),
]

const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({
  cors: { origins: ['https://good.test'] },
  api: { protected: false, whitelistObjectTypes: ['card'], validation: { allowedUrlParams: { cards: ['filter[*]'], objects: ['filter[*]'] } } },
  accounts: { limits: { requests: 0, requestsPerAddress: 0 } },
})`,
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text({ index: true }) },
  rules: { read: allow.everyone, create: allow.user, update: allow.owner(), delete: allow.owner() } })`,
  'types/locker.ts': `import { defineType, field } from 'postern'
export default defineType({ name: 'locker', fields: { code: field.text() } })`,
  'types/diary.ts': `import { allow, defineType } from 'postern'
export default defineType({ name: 'diary', plural: 'diaries', fields: {}, rules: { read: allow.owner() } })`,
  'api/whoami.ts': `export const GET = async ({ caller, param, content }) => { await content.list('cards'); return { name: caller.name, canary: param('canary') } }`,
  'api/diary/[id].ts': `export const GET = ({ content, asSystem, param }) =>
  (param('system') ? asSystem('a test of the way around').content : content).read('diary', Number(param('id'))).then((found) => found ?? false)`,
  'api/hooked.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ id: 'hooked', authorize: allow.role('admin'), handler: () => 'ok' })`,
  'api/count.ts': `export const GET = () => globalThis.hooked ?? 0`,
  'hooks/count.ts': `import { defineHook } from 'postern'
export default defineHook({ id: 'count', on: 'hooked', before: () => { globalThis.hooked = (globalThis.hooked ?? 0) + 1 } })`,
  'api/public/throws.ts': `export const GET = () => { throw new Error('the cause is secret') }`,
  'api/public/echo.ts': `export const GET = ({ query }) => query`,
  'api/public/header.ts': `export const GET = ({ reply, param }) => { reply.header('x-given', param('value')); return 'ok' }`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class SiteApi extends ApiController {
  endPoints = ['slow']
  async slow(which) { await new Promise((resolve) => setTimeout(resolve, 5)); this.setData([which]); await null }
}`,
  'modules/cards/api.json': JSON.stringify({
    Destroy: {
      url_segments: 'api/destroy/cards',
      request_type: 'DELETE',
      description: 'rows',
      enableParams: true,
      authorization: { roles: ['admin'] },
    },
  }),
}
