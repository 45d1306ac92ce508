import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { threatFiles } from '../fixtures/threat-files.ts'
import { openTestSite, type TestAnswer, type TestSite } from '../../src/testing/index.ts'

/*
 * Holes that the field really had, each tried through the front door. Those of accounts, of paths and bodies, and of hidden rows
 * have files of their own; docs/reference/threats.md says which row is where.
 */
describe('what the field fell over', () => {
  let site: TestSite
  before(async () => {
    site = await openTestSite({ files: threatFiles, isolation: 'thread' })
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

  it('V37 runs no hook for what is refused', async () => {
    const before = await countOf(site)
    assert.equal((await site.request('GET', '/api/hooked')).status, 401)
    assert.equal((await site.as('tom').request('GET', '/api/hooked')).status, 403)
    assert.equal(await countOf(site), before)
    assert.equal((await site.as('admin').request('GET', '/api/hooked')).status, 200)
    assert.equal(await countOf(site), before + 1)
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

  it('V78 gives a repeated name one meaning: none', async () => {
    for (const query of ['a=1&a=2', 'a=1&%61=2', 'filter[name]=a&filter[name]=b'])
      assert.equal((await site.request('GET', `/api/public/echo?${query}`)).status, 400, query)
    assert.deepEqual((await site.request('GET', '/api/public/echo?a[]=1&a[0]=2')).body, { 'a[]': '1', 'a[0]': '2' })
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

function dataOf(answer: TestAnswer): unknown {
  return (answer.body as { data?: unknown }).data
}

async function countOf(site: TestSite): Promise<number> {
  return Number((await site.as('admin').request('GET', '/api/count')).text)
}
