import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestSite } from '../../src/testing/test-site.ts'
import { siteHouse, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const files = {
  'rules/teams.ts': `import { allow } from 'postern'
const said = {
  where: (name) => allow.where({ team: name }),
  any: (name) => allow.any(allow.where({ team: name, size: 1 }), allow.listed('readers'), allow.published()),
  everyone: () => allow.everyone,
  owner: async () => allow.owner(),
  yes: () => true,
  // Whatever is not a rule on rows denies, and so does a rule that no row can be held against.
  truthy: () => 'yes', one: () => 1, nothing: () => undefined, empty: () => ({}), raw: (name) => ({ field: 'team', is: 'eq', value: name }),
  unknown: (name) => allow.where({ nothing: name }), kind: () => allow.where({ size: 'many' }), fraction: () => allow.where({ size: 0.5 }), flag: () => allow.where({ team: true }),
  nested: () => allow.when('teams'), self: () => allow.self({ param: 'id' }), code: () => () => true, throws: () => { throw new Error('not today') },
}
export const teams = ({ caller }) => said[caller.kind === 'user' ? caller.roles[0] : 'nothing']?.(caller.name) ?? false`,
  'types/task.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'task', fields: { team: field.text({ index: true }), size: field.integer(), readers: field.accessList(), note: field.text({ read: allow.when('teams') }) },
  relations: { after: { to: 'task', inverse: 'before' } },
  rules: { read: allow.when('teams'), create: allow.role('maker'), update: allow.when('teams'), delete: allow.when('teams') } })`,
  'api/names.ts': `export default async ({ content }) => (await content.list('task', { sort: 'title' })).data.map((one) => one.title).join()`,
  'api/guarded.ts': `import { allow, defineEndpoint } from 'postern'
export default defineEndpoint({ authorize: allow.when('teams'), handler: () => 'in' })`,
  'postern.config.ts': `export default { api: { protected: false, whitelistObjectTypes: ['task'], validation: { allowedUrlParams: { tasks: ['filter[*]'] } } } }`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class Site extends ApiController {}`,
}

/** What each function lets its caller, whose name is `ann`, see of the tasks. */
const seen: Readonly<Record<string, string>> = {
  where: 'ann 1,ann 2',
  any: 'ann 1,for any',
  everyone: 'ann 1,ann 2,bob 1,for any',
  yes: 'ann 1,ann 2,bob 1,for any',
  owner: '',
}
const deny = [
  'truthy',
  'one',
  'nothing',
  'empty',
  'raw',
  'unknown',
  'kind',
  'fraction',
  'flag',
  'nested',
  'self',
  'code',
  'throws',
]

describe('a function of the site that says which rows', () => {
  let house: SiteHouse
  const made: number[] = []
  const tokens = new Map<string, string>()

  before(async () => {
    house = await siteHouse(files)
    for (const role of [...Object.keys(seen), ...deny]) {
      const { id } = await house.house.accounts.createUser({
        name: role === 'where' || role === 'any' ? `ann ${role}` : role,
        roles: [role],
      })
      tokens.set(role, (await house.house.accounts.createToken({ name: role, user: id })).token)
    }
    const { content } = house.house
    const rows = [
      ['ann 1', { size: 1 }],
      ['ann 2', { size: 2 }],
      ['bob 1', { size: 1, team: 'bob' }],
      ['for any', { team: 'bob', readers: { roles: ['any'] } }],
    ] as const
    for (const [title, fields] of rows)
      made.push(
        (await content.create('task', { title, status: 'draft', note: 'a note', team: 'ann where', ...fields })).id,
      )
    await content.perform('relations.add', { id: made[0], name: 'after', items: made.slice(1) })
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = (role: string, request: string, body?: unknown): Promise<Told> =>
    house.ask(request, { token: tokens.get(role), ...(body === undefined ? {} : { body }) })
  const titles = (told: Told): string =>
    told.status !== 200
      ? `${told.status} ${told.text}`
      : (told.json as { data: { title: string }[] }).data.map((one) => one.title).join()

  test('lists, totals, search, relations, single objects and changes agree with what it said', async () => {
    for (const [role, wanted] of Object.entries(seen)) {
      const told = await ask(role, 'GET /api/tasks?sort=title')
      const mine = role === 'any' ? 'for any' : wanted
      assert.equal(titles(told), mine, role)
      const count = mine === '' ? 0 : mine.split(',').length
      assert.equal((told.json as { paging: { total: number } }).paging.total, count, role)
      assert.equal(
        titles(await ask(role, 'GET /api/tasks?sort=title&filter[note]=a%20note')),
        mine,
        `${role} by a field`,
      )
      for (const [index, title] of ['ann 1', 'ann 2', 'bob 1', 'for any'].entries()) {
        const is = mine.split(',').includes(title)
        assert.equal((await ask(role, `GET /api/objects/${made[index]}`)).status, is ? 200 : 404, `${role} ${title}`)
        const changed = await ask(role, `PATCH /api/objects/${made[index]}`, { description: role })
        assert.equal(changed.status, is ? 200 : 404, `${role} ${title}`)
      }
    }
    assert.equal(titles(await ask('where', `GET /api/objects/${made[0]}/relations/after`)), 'ann 2')
  })

  test('what it says beside true and a rule on rows denies, as it does for endpoints', async () => {
    for (const role of deny) {
      const told = await ask(role, 'GET /api/tasks')
      assert.ok([200, 403].includes(told.status), `${role} ${told.text}`)
      if (told.status === 200) assert.equal(titles(told), '', role)
      assert.equal((await ask(role, `GET /api/objects/${made[0]}`)).status, 404, role)
      assert.equal((await ask(role, `PATCH /api/objects/${made[0]}`, {})).status, 404, role)
    }
    // An endpoint has no rows: nothing but true lets in.
    for (const role of [...Object.keys(seen), ...deny])
      assert.equal((await ask(role, 'GET /api/guarded')).status, role === 'yes' ? 200 : 403, role)
  })

  test("so it does from the site's thread, and in the thread", async () => {
    await using site = await openTestSite({ files, isolation: 'thread' })
    for (const team of ['role-where', 'other'])
      await site.house.content.create('task', { title: `of ${team}`, team, status: 'draft' })
    const caller = site.asRole('where')
    const listed = await caller.request('GET', '/api/tasks')
    assert.deepEqual(
      (listed.body as { data: { title: string }[] }).data.map((one) => one.title),
      ['of role-where'],
    )
    assert.equal((await caller.request('GET', '/api/names')).text, 'of role-where')
    assert.equal((await site.asRole('code').request('GET', '/api/tasks')).status, 403)
  })
})
