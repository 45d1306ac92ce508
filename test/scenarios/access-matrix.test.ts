import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accessMatrix, accessReport, openTestSite } from '../../src/testing/index.ts'

describe('V28 V29 the matrix of a site, tried at the door', () => {
  it('agrees with examples/manifest, rules on paths included', async () => {
    await using site = await openTestSite({ folder: new URL('../../examples/manifest', import.meta.url) })
    const asked = site.observed.length
    assert.deepEqual(await accessMatrix(site), [])
    const seen = site.observed.slice(asked).filter(({ kind }) => kind === 'request.done')
    assert.ok(seen.length > 200, `only ${seen.length} requests were made`)
  })

  it('agrees with a site whose roles inherit, in development and on its own thread too', async () => {
    for (const isolation of ['inline', 'thread'] as const) {
      await using site = await openTestSite({ files: inherited, mode: 'dev', isolation })
      assert.deepEqual(await accessMatrix(site, { values: { letter: { about: 'rules' } } }), [])
    }
  })

  it('finds the doors that do not do what is written on them', async () => {
    await using site = await openTestSite({ files: lying })
    const wrong = await accessMatrix(site)
    const found = [...new Set(wrong.map(({ method, path, said }) => `${method} ${path} ${said}`))]
    assert.deepEqual(found, ['GET /api/narrow yes', 'GET /api/stolen/:code yes'])
    assert.deepEqual(
      wrong.filter(({ path }) => path === '/api/narrow').map(({ caller, status }) => `${caller} ${status}`),
      ['user 403', 'role clerk 403', 'owner 403'],
    )
    assert.deepEqual(
      wrong.filter(({ path }) => path !== '/api/narrow').map(({ caller, code }) => `${caller} ${code}`),
      ['owner FORBIDDEN'],
    )
  })

  it('finds a door that lets through whom its rule refuses', async () => {
    await using site = await openTestSite({ files: lying })
    const { accounts } = site.house
    // What is told and what is judged are one record, so the fault has to be planted in who asks: everybody is a clerk.
    const make = accounts.createUser
    Object.assign(accounts, {
      createUser: (user: Parameters<typeof make>[0]) => make.call(accounts, { ...user, roles: ['clerk'] }),
    })
    const wrong = await accessMatrix(site)
    const open = wrong.filter(({ path, said }) => path === '/api/clerks' && said === 'no')
    assert.deepEqual(
      open.map(({ caller, status }) => `${caller} ${status}`),
      ['user 200', 'role admin 200', 'owner 200'],
    )
  })

  it('proves what hangs on the site’s own functions by asking them, and says what it cannot prove', async () => {
    await using site = await openTestSite({ files: hanging })
    const { wrong, unproven, proven } = await accessReport(site)
    assert.deepEqual(wrong, [])
    assert.ok(proven > 100, String(proven))
    const said = unproven.filter(({ path }) => path.startsWith('/api/')).map(({ path, reason }) => `${path} ${reason}`)
    assert.ok(!said.some((line) => /^\/api\/even .*allow/.test(line)), 'some pass and some do not: all proved')
    const never = said.find((line) => /^\/api\/never .*allow/.test(line))
    assert.match(never ?? '', /allow\.when\('never'\) let nobody pass who was made up/)
    assert.ok(said.some((line) => /nobody can have the role ghost/.test(line)))
  })

  it('finds a door that does other than the function says', async () => {
    await using site = await openTestSite({ files: hanging })
    const { house } = site
    const why = house.why
    // The fault has to be planted in what is judged: the door and the judgement ask the same function.
    const forged: typeof why = async (asked) => {
      const told = await why(asked)
      const steps = told.steps.map((step) => (step.step === 'authorize' ? { ...step, passed: !step.passed } : step))
      return asked.path === '/api/even' ? { ...told, steps } : told
    }
    Object.assign(house, { why: forged })
    const wrong = await accessMatrix(site)
    assert.ok(wrong.length > 0)
    assert.deepEqual([...new Set(wrong.map(({ path, said }) => `${path} ${said}`))], ['/api/even maybe'])
  })
})

/** `even` asks whether a user has a role; `never` lets nobody pass; `ghost` is a role that nobody can be given. */
const hanging = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ accounts: { roles: { clerk: [] } } })`,
  'api/even.ts': `import { allow, defineEndpoint } from 'postern'
const authorize = allow.when('even', ({ caller }) => caller.kind === 'user' && caller.roles.includes('clerk'))
export const GET = defineEndpoint({ authorize, handler: () => 'even' })`,
  'api/never.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.any(allow.role('ghost'), allow.when('never', () => false)), handler: () => 'never' })`,
}

const inherited = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ accounts: { roles: { member: [], editor: ['member'], chief: ['editor'] } } })`,
  'types/letter.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'letter', plural: 'letters',
  fields: { code: field.text({ unique: true, index: true }), pages: field.integer({ required: true, minimum: 1 }), about: field.select({ required: true, options: ['rules', 'cheese'] }) },
  rules: { read: allow.owner(), create: allow.user } })`,
  'api/members.ts': `import { allow, defineEndpoint } from 'postern'
export default defineEndpoint({ authorize: allow.role('member'), handler: () => 'members' })`,
  'api/letters/[code].ts': `import { allow, defineEndpoint } from 'postern'
const authorize = allow.any(allow.role('chief'), allow.owner({ type: 'letter', by: 'code', param: 'code' }))
export const GET = defineEndpoint({ authorize, handler: () => 'letter' })
export const DELETE = defineEndpoint({ authorize, handler: () => 'burnt' })`,
  'api/people/[id].ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.self({ param: 'id' }), handler: () => 'me' })`,
  'api/users.ts': `import { allow, defineEndpoint } from 'postern'
export default defineEndpoint({ authorize: allow.users(2, 3), handler: () => 'two and three' })`,
}

/** Both say more than they do: a handler that asks again, and one that asks for the wrong row. */
const lying = {
  'types/letter.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'letter', plural: 'letters', fields: { code: field.text({ unique: true }) }, rules: { read: allow.owner() } })`,
  'api/narrow.ts': `import { allow, defineEndpoint, PosternError } from 'postern'
export const GET = defineEndpoint({ authorize: allow.user, handler: ({ caller }) => {
  if (!caller.roles.includes('admin')) throw new PosternError('FORBIDDEN', 'Not you.')
  return 'narrow'
} })`,
  'api/stolen/[code].ts': `import { allow, defineEndpoint, PosternError } from 'postern'
export const GET = defineEndpoint({ authorize: allow.owner({ type: 'letter', by: 'code', param: 'code' }), handler: () => {
  throw new PosternError('FORBIDDEN', 'Not even you.')
} })`,
  'api/clerks.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.role('clerk'), handler: () => 'clerks' })`,
}
