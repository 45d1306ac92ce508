import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accessMatrix, openTestSite } from '../../src/testing/index.ts'

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
})

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
