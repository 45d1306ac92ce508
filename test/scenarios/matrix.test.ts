import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Endpoint } from '../../src/endpoint/record.ts'
import { openTestSite, type TestSite } from '../../src/testing/index.ts'
import { plainIncoming } from '../twin/incoming.ts'

/*
 * Every route × kind of caller, by its status, against a table that a person has read. The server itself says which routes there
 * are, so a route that nobody put into the table fails here. `UPDATE_MATRIX=1` writes the table anew: read the diff.
 */
const tableFile = new URL('./matrix.json', import.meta.url)
const callers = ['anonymous', 'token', 'user', 'stranger', 'owner', 'admin'] as const
type Kind = (typeof callers)[number]
type Cells = Readonly<Record<Kind, number>>

describe('V28 V29 V38: the matrix of routes and callers', () => {
  let site: TestSite
  before(async () => {
    site = await openTestSite({ files, mode: 'dev' })
    await site.house.content.create('member', { title: 'Seen', code: 'ZZZ', status: 'on' })
  })
  after(() => site.close())

  it('is exactly the table', async () => {
    const found: Record<string, Cells> = {}
    for (const { route } of routesOf(site.house.records())) found[route] = await cellsOf(site, route)
    if (process.env['UPDATE_MATRIX']) writeFileSync(tableFile, textOf(found))
    const table = JSON.parse(readFileSync(tableFile, 'utf8')) as Record<string, Cells>
    assert.deepEqual(Object.keys(found), Object.keys(table), 'the routes that the server has and the table names')
    assert.deepEqual(found, table)
  })

  it('lets nobody in without a rule that says so', () => {
    const table = JSON.parse(readFileSync(tableFile, 'utf8')) as Record<string, Cells>
    const open = routesOf(site.house.records()).filter(({ record }) => record.rule !== 'everyone')
    const leaks = open.filter(({ route }) => (table[route]?.anonymous ?? 200) < 400)
    assert.ok(open.length > 30)
    assert.deepEqual(
      leaks.map(({ route }) => route),
      [],
    )
  })
})

function routesOf(records: readonly Endpoint[]): { route: string; record: Endpoint }[] {
  const routes = records.flatMap((record) =>
    record.methods.map((method) => ({ route: `${method} ${record.path}`, record })),
  )
  return routes.sort((one, other) => (one.route < other.route ? -1 : 1))
}

/** Each cell has people and rows of its own, so that what one request ends or deletes is not missed by the next. */
async function cellsOf(site: TestSite, route: string): Promise<Cells> {
  const cells: Partial<Record<Kind, number>> = {}
  const scenes = await Promise.all(callers.map(async (kind) => [kind, await sceneOf(site, kind)] as const))
  for (const [kind, scene] of scenes) {
    const [method = '', path = ''] = route.split(' ')
    const target = path.replaceAll(/[:*](\w+)/g, (_all, name: string) => scene.params[name] ?? 'x')
    const body = method === 'GET' ? undefined : '{}'
    const answer = await site.house.answer(plainIncoming({ method, target, token: scene.token, body }))
    if (answer.body instanceof ReadableStream) await answer.body.cancel()
    cells[kind] = answer.status
  }
  return cells as Cells
}

let people = 0

async function sceneOf(
  { house }: TestSite,
  kind: Kind,
): Promise<{ token: string | undefined; params: Record<string, string> }> {
  const name = `person${++people}`
  const roles = kind === 'admin' ? ['admin'] : kind === 'stranger' || kind === 'owner' ? ['member'] : []
  const user = await house.accounts.createUser({ name, roles })
  const other = await house.accounts.createUser({ name: `other of ${name}`, roles: ['member'] })
  const owner = kind === 'owner' ? user.id : other.id
  const member = await house.content.create('member', { title: name, code: name, owner })
  const second = await house.content.create('member', { title: name, code: `${name}b`, owner })
  const made =
    kind === 'anonymous'
      ? undefined
      : await house.accounts.createToken({ name, ...(kind === 'token' ? {} : { user: user.id }) })
  const params = {
    id: String(member.id),
    code: name,
    name: 'friend',
    related_id: String(second.id),
    child_id: String(second.id),
    userId: String(kind === 'owner' ? user.id : other.id),
  }
  return { token: made?.token, params }
}

function textOf(found: Readonly<Record<string, Cells>>): string {
  const lines = Object.entries(found).map(([route, cells]) => `  ${JSON.stringify(route)}: ${JSON.stringify(cells)}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ api: { protected: false, whitelistObjectTypes: ['member'] }, accounts: { limits: { requests: 0, requestsPerAddress: 0 } } })`,
  'types/member.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'member', plural: 'members', fields: { code: field.text({ index: true, unique: true }) },
  relations: { friend: { to: ['member'] } },
  rules: { read: allow.owner(), create: allow.user, update: allow.owner(), delete: allow.role('admin') } })`,
  'api/public/open.ts': `export const GET = () => 'open'`,
  'api/plain.ts': `export const GET = () => 'plain'\nexport const POST = () => 'posted'`,
  'api/admins.ts': `import { allow, defineEndpoint } from 'postern'\nexport const DELETE = defineEndpoint({ authorize: allow.role('admin'), handler: () => 'gone' })`,
  'api/self/[userId].ts': `import { allow, defineEndpoint } from 'postern'\nexport const GET = defineEndpoint({ authorize: allow.self({ param: 'userId' }), handler: () => 'me' })`,
  'api/controller.ts': `import { ApiController, allow } from 'postern'
export default class SiteApi extends ApiController {
  endPoints = ['friends', 'secrets']
  authorize = { secrets: allow.role('admin') }
  friends() { this.setData(['Tom', 'Jerry']) }
  getSecrets() { return ['x'] }
}`,
  'modules/members/api.json': JSON.stringify({
    'Fetch Account': {
      url_segments: 'members/account',
      request_type: 'GET',
      description: 'account',
      authorization: { roles: ['admin'], userOwnedSegment: { column: 'code', segmentNum: 3 } },
    },
    Hello: { url_segments: 'members/hello', request_type: 'GET', description: 'hello', authorization: '*' },
    Silent: { url_segments: 'members/silent', request_type: 'GET', description: 'nobody said who' },
    Get: {
      url_segments: 'api/get/members',
      request_type: 'GET',
      description: 'rows',
      enableParams: true,
      authorization: { roles: ['admin'] },
    },
    'Delete One': {
      url_segments: 'api/delete/members/{id}',
      request_type: 'DELETE',
      description: 'one',
      required_fields: [{ name: 'id', label: 'ID' }],
      authorization: { roles: ['admin'] },
    },
  }),
  'modules/members/members.ts': `export const account = (_call, code) => ({ code })\nexport const hello = () => 'hello'\nexport const silent = () => 'never'`,
}
