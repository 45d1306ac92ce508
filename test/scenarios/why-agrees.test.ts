import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { WhyAsked } from '../../src/describe/ports.ts'
import type { Verb } from '../../src/endpoint/method.ts'
import { must } from '../../src/errors/must.ts'
import { openTestSite, type TestSite } from '../../src/testing/index.ts'

const type = (name: string, rules: string) =>
  `import { allow, defineType, field } from 'postern'
export default defineType({ name: '${name}', plural: '${name}s', fields: { text: field.text() }, rules: { ${rules} } })`

const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ api: { protected: false, whitelistObjectTypes: ['letter', 'silent', 'poster'] } })`,
  'types/letter.ts': type('letter', 'read: allow.owner(), create: allow.user, update: allow.owner()'),
  'types/silent.ts': type('silent', `delete: allow.role('admin')`),
  'types/poster.ts': type('poster', `read: allow.everyone, update: allow.owner(), delete: allow.role('admin')`),
  'types/box.ts': type('box', `read: allow.user, update: allow.role('admin')`).replace(
    'fields:',
    'section: true, fields:',
  ),
  'api/any.ts': `export const GET = () => 'any token'`,
}

/** `:letter` and the like are the ids of such objects, owned by ann. */
const requests = [
  'GET /api/objects/:letter',
  'GET /api/objects/:silent',
  'GET /api/objects/:poster',
  'GET /api/objects/99999',
  'GET /api/letters',
  'GET /api/letters/:letter',
  'GET /api/letters/:poster',
  'GET /api/silents',
  'GET /api/silents/:silent',
  'GET /api/silents/99999',
  'GET /api/objects/:silent/children',
  'GET /api/objects/:letter/children',
  'GET /api/silents/:silent/children',
  'PATCH /api/objects/:letter',
  'PATCH /api/objects/:silent',
  'PATCH /api/objects/:poster',
  'PATCH /api/objects/99999',
  'DELETE /api/objects/:silent',
  'DELETE /api/objects/:letter',
  'DELETE /api/objects/:poster',
  'DELETE /api/objects/:box/children/99999',
  'GET /api/any',
]

interface Asked {
  readonly method: Verb
  readonly path: string
  readonly caller: { readonly token?: string }
  readonly isSparing: boolean
}

describe('why says what the road does', () => {
  let site: TestSite
  const ids: Record<string, string> = {}
  const tokens: Record<string, string> = {}
  before(async () => {
    site = await openTestSite({ files, isolation: 'inline' })
    const { accounts, content } = site.house
    const ann = await accounts.createUser({ name: 'ann' })
    await accounts.createUser({ name: 'tom' })
    await accounts.createUser({ name: 'root', roles: ['admin'] })
    for (const name of ['letter', 'silent', 'poster', 'box'])
      ids[name] = String((await content.create(name, { title: name, owner: ann.id })).id)
    tokens['bare'] = (await accounts.createToken({ name: 'bare' })).token
    tokens['scoped'] = (await accounts.createToken({ name: 'scoped', user: 'ann', scopes: ['GET /api/letters'] })).token
  })
  after(() => site.close())

  const askers: Readonly<Record<string, () => WhyAsked['as']>> = {
    nobody: () => undefined,
    ann: () => ({ user: 'ann' }),
    tom: () => ({ user: 'tom' }),
    root: () => ({ user: 'root' }),
    bare: () => ({ token: 'bare' }),
    'scoped, by its secret': () => ({ credential: must(tokens['scoped'], 'it was made') }),
  }
  for (const [who, as] of Object.entries(askers)) {
    it(`to ${who}`, async () => {
      const caller = await callerFor(who)
      const wrong: string[] = []
      let refused = 0
      for (const request of requests) {
        const [method, path] = madeOf(request)
        const told = await site.house.why({ method, path, as: as() })
        const done = await answered({ method, path, caller, isSparing: told.status === 200 })
        if (told.status !== done) wrong.push(`${request} is answered ${done}, why says ${told.status}`)
        if (done !== 200) refused++
      }
      assert.deepEqual(wrong, [])
      assert.ok(refused > 3 && refused < requests.length, `${refused} of ${requests.length} were refused`)
    })
  }

  function madeOf(request: string): [Verb, string] {
    const [method = '', template = ''] = request.split(' ')
    return [method as Verb, template.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? '')]
  }

  /** A body that nobody can take keeps a change from being made where it is let through; what has none is not sent then. */
  async function answered(asked: Asked): Promise<number> {
    const { method, path, caller, isSparing } = asked
    if (method === 'DELETE' && isSparing) return 200
    const { status } = await site.request(method, path, {
      ...caller,
      ...(method === 'GET' ? {} : { body: { nonsense: 1 } }),
    })
    return [400, 422].includes(status) || status < 300 ? 200 : status
  }

  async function callerFor(who: string): Promise<{ token?: string }> {
    if (who === 'nobody') return {}
    const token =
      tokens[who.split(',')[0] ?? ''] ?? (await site.house.accounts.createToken({ name: 't', user: who })).token
    return { token }
  }

  it('tells of an object without a read rule that it is there', async () => {
    const told = await site.house.why({ method: 'GET', path: `/api/objects/${ids['silent']}`, as: { user: 'root' } })
    assert.partialDeepStrictEqual(told.steps.at(-1), { step: 'content', passed: false, code: 'NOT_FOUND' })
    assert.match(told.steps.at(-1)?.text ?? '', /such an object of type silent, and nobody said/)
    assert.equal(told.steps.at(-1)?.condition, undefined)
  })

  it('knows a token by id and name, and says where it is good from', async () => {
    const { accounts } = site.house
    const made = await accounts.createToken({ name: 'office', addresses: ['10.0.0.0/8'] })
    for (const token of ['office', String(made.id)]) {
      const { steps } = await site.house.why({ method: 'GET', path: '/api/any', as: { token } })
      assert.match(steps[1]?.text ?? '', /the API token "office"\. The token is good from 10\.0\.0\.0\/8 only/)
    }
    await accounts.createToken({ name: 'office' })
    const two = await site.house.why({ method: 'GET', path: '/api/any', as: { token: 'office' } })
    assert.partialDeepStrictEqual(two, { steps: [{}, { step: 'authenticate', passed: false, code: 'INVALID' }] })
    assert.equal((await accounts.findToken(made.id))?.last_used, null)
  })

  it('takes a dead or made-up secret for what it is, and never says it again', async () => {
    const { accounts } = site.house
    const dead = await accounts.createToken({ name: 'dead', user: 'tom' })
    await accounts.revokeToken(dead.id)
    const late = await accounts.createToken({ name: 'late', user: 'ann' })
    await accounts.updateUser((await accounts.requireUser('ann')).id, { active: false })
    for (const credential of [dead.token, late.token, `${dead.token}x`, 'made-up-canary']) {
      const told = await site.house.why({ method: 'GET', path: '/api/any', as: { credential } })
      assert.partialDeepStrictEqual(told, { status: 401, steps: [{}, { passed: false, code: 'BAD_CREDENTIAL' }] })
      assert.ok(!JSON.stringify(told).includes(credential))
    }
  })
})
