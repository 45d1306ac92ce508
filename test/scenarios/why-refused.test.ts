import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { createRefusals } from '../../src/app/refusals.ts'
import { openTestSite, type TestAnswer, type TestSite } from '../../src/testing/index.ts'

const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ tokens: { query: true }, api: { protected: false, whitelistObjectTypes: ['letter'] }, accounts: { roles: { member: [], editor: ['member'] } } })`,
  'types/letter.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'letter', plural: 'letters', fields: { text: field.text(), mood: field.text({ private: true }) },
  rules: { read: allow.owner(), create: allow.user, update: allow.owner() } })`,
  'api/editors.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.role('editor'), handler: () => 'editors' })`,
  'modules/notes/api.json': JSON.stringify({
    Silent: { url_segments: 'notes/silent', request_type: 'GET', description: 'nobody said who' },
  }),
  'modules/notes/notes.ts': `export const silent = () => 'never'`,
  'api/mine/[id].ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.user, handler: async ({ content, params }) => content.read('letter', Number(params.id)) })`,
}
const canaries = ['query-canary-4711', 'bearer-canary-4711', 'cookie-canary-4711', 'body-canary-4711']

for (const isolation of ['inline', 'thread'] as const) {
  describe(`why a request was refused, by its id (${isolation})`, () => {
    let site: TestSite
    before(async () => {
      site = await openTestSite({ files, isolation })
      const ann = await site.house.accounts.createUser({ name: 'ann', roles: ['member'] })
      for (const title of ['one', 'two', 'three'])
        await site.house.content.create('letter', { title, mood: 'mood-canary', owner: ann.id })
      await site
        .as('tom', ['member'])
        .request('POST', '/api/objects', { body: { object_type: 'letter', title: 'mine' } })
    })
    after(() => site.close())

    const asAdmin = async (id: string) => site.as('root', ['admin']).request('GET', `/api/why/${id}`)

    it('tells an administrator who was refused what, and by which rule', async () => {
      const refused = await site.as('tom').request('GET', '/api/editors?token_of=x')
      assert.equal(refused.status, 403)
      const told = await asAdmin(idOf(refused))
      assert.equal(told.status, 200, told.text)
      assert.match(String(told.headers['cache-control']), /no-store/)
      assert.partialDeepStrictEqual(told.body, {
        request: { method: 'GET', path: '/api/editors', caller: 'tom (member)', code: 'FORBIDDEN', status: 403 },
        status: 403,
        steps: [
          { step: 'route', passed: true },
          { step: 'authenticate', passed: true },
          { step: 'authorize', passed: false, code: 'FORBIDDEN' },
        ],
      })
    })

    it('says that an object is there and whom its rule hides it from', async () => {
      const refused = await site.as('tom').request('GET', '/api/objects/1')
      assert.equal(refused.status, 404)
      const told = await asAdmin(idOf(refused))
      assert.partialDeepStrictEqual(told.body, {
        request: { code: 'NOT_FOUND', caller: 'tom (member)' },
        status: 404,
        steps: [{}, {}, {}, { step: 'content', passed: false, code: 'NOT_FOUND', removed: ['mood'] }],
      })
      assert.match(told.text, /hides it from this caller/)
      const nothing = await asAdmin(idOf(await site.as('tom').request('GET', '/api/objects/99')))
      assert.doesNotMatch(nothing.text, /hides it/)
    })

    it('tells nobody else, not even the one who was refused', async () => {
      const id = idOf(await site.as('tom').request('GET', '/api/editors'))
      const token = await site.token()
      assert.equal((await site.as('tom').request('GET', `/api/why/${id}`)).status, 403)
      assert.equal((await site.as('ed', ['editor']).request('GET', `/api/why/${id}`)).status, 403)
      assert.equal((await site.request('GET', `/api/why/${id}`, { token })).status, 403)
      const stranger = await site.request('GET', `/api/why/${id}`)
      assert.equal(stranger.status, 401)
      assert.doesNotMatch(stranger.text, /tom|editor/)
    })

    it('remembers 401, 404 and 412, and no success, 422 or made-up id', async () => {
      for (const [path, status, code] of [
        ['/api/editors', 401, 'UNAUTHENTICATED'],
        ['/api/nowhere', 404, 'NOT_FOUND'],
        ['/notes/silent', 412, 'NOT_ACTIVATED'],
      ] as const) {
        const told = await asAdmin(idOf(await site.request('GET', path)))
        assert.partialDeepStrictEqual(told.body, { request: { path, status, code }, status })
      }
      const passed = await site.as('ed', ['editor']).request('GET', '/api/editors')
      assert.equal(passed.status, 200)
      const invalid = await site.as('tom').request('POST', '/api/objects', { body: { object_type: 'letter', nope: 1 } })
      assert.ok([400, 422].includes(invalid.status), invalid.text)
      for (const id of [idOf(passed), idOf(invalid), 'made-up']) assert.equal((await asAdmin(id)).status, 404)
    })

    it('judges anew: what was refused then and is let through now', async () => {
      const { accounts } = site.house
      const refused = await site.as('zoe', ['member']).request('GET', '/api/editors')
      const zoe = await accounts.requireUser('zoe')
      await accounts.updateUser(zoe.id, { roles: ['editor'] })
      assert.partialDeepStrictEqual((await asAdmin(idOf(refused))).body, { request: { status: 403 }, status: 200 })
      await accounts.updateUser(zoe.id, { active: false })
      assert.partialDeepStrictEqual((await asAdmin(idOf(refused))).body, { status: 401 })
    })

    it('knows the scopes of the token, and a switch', async () => {
      await site.house.accounts.createUser({ name: 'scoped', roles: ['editor'] })
      const token = await site.token({ user: 'scoped', scopes: ['GET /api/mine/*'] })
      const refused = await site.request('GET', '/api/editors', { token })
      assert.equal(refused.status, 403)
      assert.partialDeepStrictEqual((await asAdmin(idOf(refused))).body, {
        steps: [{}, {}, { passed: false, code: 'OUT_OF_SCOPE' }],
      })
    })

    it('holds no credential, whatever way it came', async () => {
      const [query, bearer, cookie, body] = canaries
      const own = `pat_${'a'.repeat(49)}`
      const answers = [
        await site.request('GET', `/api/editors?token=${query}`),
        await site.request('GET', '/api/editors', { token: bearer ?? '' }),
        await site.request('GET', '/api/editors', { headers: { cookie: `postern=${cookie}; session=${cookie}` } }),
        await site.request('POST', '/api/auth', { body: { username: 'ann', password: body } }),
        await site.request('GET', `/api/nowhere/${own}`),
      ]
      for (const answer of answers) {
        assert.ok([401, 404].includes(answer.status), `${answer.status} ${answer.text}`)
        const told = await asAdmin(idOf(answer))
        assert.equal(told.status, 200)
        for (const canary of [...canaries, own, 'mood-canary']) assert.ok(!told.text.includes(canary), told.text)
      }
    })
  })
}

describe('why, of a list', () => {
  it('counts what the condition hides, and names the private fields', async () => {
    await using site = await openTestSite({ files, mode: 'dev' })
    const ann = await site.house.accounts.createUser({ name: 'ann', roles: ['member'] })
    for (const title of ['one', 'two', 'three']) await site.house.content.create('letter', { title, owner: ann.id })
    await site.house.accounts.createUser({ name: 'tom', roles: ['member'] })
    const rowsAs = async (user: string) =>
      (await site.house.why({ method: 'GET', path: '/api/letters', as: { user } })).steps.at(-1)
    assert.partialDeepStrictEqual(await rowsAs('ann'), {
      passed: true,
      rows: { seen: 3, hidden: 0, at_least: false },
      removed: ['mood'],
    })
    const step = await rowsAs('tom')
    assert.partialDeepStrictEqual(step, { rows: { seen: 0, hidden: 3 } })
    assert.match(step?.text ?? '', /0 rows are seen, 3 hidden\. It is answered without mood\./)
    const path = '/api/objects?filter[object_type]=letter&page_size=1'
    const filtered = await site.house.why({ method: 'GET', path, as: { user: 'tom' } })
    assert.partialDeepStrictEqual(filtered.steps.at(-1), { rows: { seen: 0, hidden: 3 } })
    const nobody = await site.house.why({ method: 'GET', path: '/api/letters', as: undefined })
    assert.partialDeepStrictEqual(nobody, { status: 401, steps: [{}, {}, {}, { rows: { seen: 0, hidden: 3 } }] })
    assert.equal((await site.request('GET', '/api/letters')).status, 401)
  })
})

describe('the refusals in memory', () => {
  it('are bounded, and strangers drive out only strangers', () => {
    const refusals = createRefusals(10)
    const refusal = { method: 'GET', path: '/', code: 'FORBIDDEN', status: 403, at: 0 }
    refusals.keep({ ...refusal, id: 'tom', caller: { kind: 'token', tokenId: 1, name: 'tom' } })
    for (let index = 0; index < 1_000; index++) refusals.keep({ ...refusal, id: String(index), caller: undefined })
    assert.ok(refusals.find('tom'))
    assert.equal(refusals.find('989'), undefined)
    assert.ok(refusals.find('990') && refusals.find('999'))
    refusals.keep({ ...refusal, id: 'failed', status: 500, caller: undefined })
    assert.equal(refusals.find('failed'), undefined)
  })
})

function idOf({ headers }: TestAnswer): string {
  return z.string().parse(headers['x-request-id'])
}
