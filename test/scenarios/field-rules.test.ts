import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { clientTypes } from '../../src/describe/client-types.ts'
import { siteHouse, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const config = `import { defineConfig } from 'postern'
export default defineConfig({
  api: {
    whitelistObjectTypes: ['staff'],
    validation: { allowedUrlParams: { objects: ['filter[*]'], people: ['filter[*]'] } },
  },
  accounts: { limits: { requests: 0, requestsPerAddress: 0 }, roles: { chief: ['clerk'], clerk: [] } },
})
`
const staff = `import { allow, defineType, field } from 'postern'
export default defineType({
  name: 'staff',
  plural: 'people',
  fields: {
    wage: field.integer({ index: true, required: true, default: 5, read: allow.any(allow.role('chief'), allow.owner()), write: allow.role('chief') }),
    diary: field.text({ read: allow.owner() }),
    grade: field.text({ read: allow.role('chief'), write: allow.when('weekday') }),
    hidden: field.text({ private: true }),
  },
  relations: { mates: { to: 'staff', inverse: 'mate_of' } },
  rules: { read: allow.everyone, create: allow.everyone, update: allow.user, delete: allow.owner() },
})
`
const files = {
  'postern.config.ts': config,
  'types/staff.ts': staff,
  'rules/weekday.ts': `export default ({ caller }) => { if (caller.name === 'thrower') throw new Error('no'); return true }\n`,
  'api/public/mine.ts': `export async function GET({ content }) { return (await content.list('staff', { sort: 'id' })).data }\n`,
  'api/public/all.ts': `export async function GET(call) { return (await call.asSystem('the books').content.list('staff')).data }\n`,
}

/** Admin (a chief), owner, another user, nobody: through the front door, on both databases. */
describe('rules on fields, by everybody, at every door', () => {
  let site: SiteHouse
  const tokens: Record<string, string | undefined> = { anonymous: undefined }
  let id: number
  let other: number

  before(async () => {
    site = await siteHouse(files)
    const [chief, owner, another] = [
      await site.person('chief', ['chief']),
      await site.person('owner'),
      await site.person('other', ['clerk']),
    ]
    Object.assign(tokens, { chief: chief.token, owner: owner.token, other: another.token })
    const { content } = site.house
    const common = { grade: 'A', hidden: 'h' }
    id = (await content.create('staff', { ...common, title: 'One', wage: 10, diary: 'amber', owner: owner.id })).id
    const mates = { mates: [id] }
    const fields = { ...common, title: 'Two', wage: 20, diary: 'birch', owner: another.id, relations: mates }
    other = (await content.create('staff', fields)).id
  })
  after(() => site[Symbol.asyncDispose]())

  const as = (who: string, request: string, body?: unknown): Promise<Told> =>
    site.ask(request, { token: tokens[who], ...(body === undefined ? {} : { body }) })

  type Answered = Record<string, unknown>
  const dataOf = (told: Told): Answered => (told.json as { data: Answered }).data
  const rowsOf = (told: Told): Answered[] => (told.json as { data: Answered[] }).data
  const shown = (one: Answered | undefined): string =>
    ['wage', 'diary', 'grade', 'hidden'].filter((name) => one !== undefined && name in one).join()

  const rows = [
    // who, of one's own or another's object, of the other one, filters by wage, by diary, by grade
    ['chief', 'wage,grade', 'wage,grade', [0, 1], [], [0, 1]],
    ['owner', 'wage,diary', '', [0], [0], 400],
    ['other', '', 'wage,diary', [1], [], 400],
    ['anonymous', '', '', 400, 400, 400],
  ] as const

  for (const [who, first, second, wages, diaries, grades] of rows) {
    test(`${who}: reads, lists, branches, embeds and handlers show the same fields`, async () => {
      assert.equal(shown(dataOf(await as(who, `GET /api/objects/${id}`))), first)
      assert.equal(shown(dataOf(await as(who, `GET /api/people/${other}`))), second)
      for (const path of ['people', 'objects', `people?id=${id},${other}`])
        assert.deepEqual(
          rowsOf(await as(who, `GET /api/${path}`))
            .map(shown)
            .toSorted(),
          [first, second].toSorted(),
          path,
        )
      assert.equal(shown(rowsOf(await as(who, `GET /api/objects/${other}/relations/mates`))[0]), first)
      const [embedding] = rowsOf(await as(who, `GET /api/people?filter[title]=Two&embed[relations]=mates`))
      const related = embedding?.['relations'] as { mates: { objects: Answered[] } } | undefined
      assert.equal(shown(related?.mates.objects[0]), first)
      assert.deepEqual(((await as(who, 'GET /api/public/mine')).json as Answered[]).map(shown), [first, second])
    })

    test(`${who}: filters, sorts, searches and fields tell no more`, async () => {
      const found = async (query: string): Promise<number[] | number> => {
        const told = await as(who, `GET /api/people?${query}`)
        const filtered = await as(who, `GET /api/objects?filter[object_type]=staff&${query}`)
        assert.equal(told.status, filtered.status)
        return told.status === 200 ? rowsOf(told).map((one) => Number(one['id'])) : told.status
      }
      const ids = (places: readonly number[] | number): number[] | number =>
        typeof places === 'number' ? places : places.map((place) => [id, other][place] ?? 0)
      assert.deepEqual(await found('filter[wage][gte]=0&sort=id'), ids(wages))
      assert.deepEqual(await found('filter[diary]=amber'), ids(diaries))
      assert.deepEqual(await found('filter[grade]=A&sort=id'), ids(grades))
      assert.deepEqual(await found('filter[hidden]=h'), 400)
      assert.deepEqual(await found('filter[query]=nothing'), [])
      const sorted = await found('sort=-wage')
      const expected = who === 'owner' ? [id, other] : [other, id]
      assert.deepEqual(sorted, wages === 400 ? 400 : expected)
      const fields = await as(who, 'GET /api/people?fields=wage&sort=id')
      if (wages === 400) assert.equal(fields.status, 400)
      else
        assert.deepEqual(
          rowsOf(fields).map((one) => 'wage' in one),
          [id, other].map((one) => ids(wages).toString().split(',').includes(String(one))),
        )
    })
  }

  test('writes: 403 with the path for whom the rule keeps out, and nothing half-written', async () => {
    const body = { object_type: 'staff', title: 'New', wage: 1 }
    const total = async (): Promise<number> => (await site.house.content.list('staff')).paging.total
    const had = await total()
    for (const [who, status, code] of [
      ['owner', 403, 'FIELD_FORBIDDEN'],
      ['other', 403, 'FIELD_FORBIDDEN'],
      ['anonymous', 401, 'UNAUTHENTICATED'],
    ] as const) {
      for (const [request, sent, path] of [
        ['POST /api/objects', body, 'body.wage'],
        ['POST /api/objects', [{ ...body, wage: undefined, diary: 'x' }, body], 'body.1.wage'],
        ...(who === 'anonymous' ? [] : [[`PATCH /api/objects/${id}`, { title: 'x', wage: 11 }, 'body.wage'] as const]),
      ] as const) {
        const told = await as(who, request, sent)
        const problem = told.json as { code: string; errors: { path: string }[]; hint: string }
        assert.deepEqual([told.status, problem.code], [status, code], request)
        assert.deepEqual(
          problem.errors.map((one) => one.path),
          [path],
        )
        if (who !== 'anonymous') assert.match(problem.hint, /Leave out the fields/)
      }
    }
    assert.equal(await total(), had)
    assert.equal(dataOf(await as('chief', `GET /api/objects/${id}`))['title'], 'One')
    const made = await as('chief', 'POST /api/objects', body)
    assert.equal(made.status, 201)
    assert.equal(shown(dataOf(made)), 'wage,diary,grade')
    assert.equal(dataOf(made)['wage'], 1)
    const changed = await as('other', `PATCH /api/objects/${id}`, { title: 'One' })
    assert.equal(shown(dataOf(changed)), '')
    await site.house.content.perform('objects.purge', { id: dataOf(made)['id'] })
  })

  test('a rule that throws denies; the system reads all', async () => {
    const { token } = await site.person('thrower')
    const refused = await site.ask('POST /api/objects', { token, body: { object_type: 'staff', grade: 'B' } })
    assert.equal(refused.status, 403)
    assert.match(refused.text, /body\.grade/)
    const all = (await as('anonymous', 'GET /api/public/all')).json as Answered[]
    assert.deepEqual(all.map(shown), ['wage,diary,grade', 'wage,diary,grade'])
  })

  test('why names the fields that are left out, and by which rule', async () => {
    const why = async (method: 'GET' | 'PATCH', path: string, user?: string) => {
      const { steps } = await site.house.why({ method, path, as: user === undefined ? undefined : { user } })
      const step = steps.at(-1)
      assert.equal(step?.step, 'content')
      return { text: step.text, removed: step.removed?.join(), fields: step.fields?.map((one) => one.field).join() }
    }
    const list = await why('GET', '/api/people', 'other')
    assert.match(
      list.text,
      /without grade \(read by role chief\), hidden\. wage is answered only in rows where it may be/,
    )
    assert.deepEqual([list.removed, list.fields], ['grade,hidden', 'wage,diary,grade'])
    const one = await why('GET', `/api/objects/${id}`, 'other')
    assert.deepEqual(one.removed, 'wage,diary,grade,hidden')
    assert.match(one.text, /wage \(read by role chief, or its owner\), diary \(read by its owner\)/)
    assert.equal((await why('GET', `/api/objects/${other}`, 'other')).removed, 'grade,hidden')
    assert.equal((await why('GET', '/api/people', 'chief')).removed, 'hidden')
    assert.match((await why('GET', '/api/people')).text, /without wage \(read by role chief, or its owner\), diary/)
    const write = await why('PATCH', `/api/objects/${id}`, 'other')
    assert.match(write.text, /wage may be written by role chief: this caller may not\./)
  })

  test('the OpenAPI document leaves out what its reader can never read or write', async () => {
    const told = async (who: string): Promise<[string, string, string]> => {
      const { json, text } = await as(who, 'GET /api/openapi.json')
      assert.doesNotMatch(text, /x-postern|hidden/)
      const { paths } = json as { paths: Record<string, Record<string, unknown>> }
      const names = (operation: unknown): string =>
        ['wage', 'diary', 'grade'].filter((name) => JSON.stringify(operation ?? '').includes(`"${name}":`)).join()
      return [names(paths['/api/people']?.['get']), names(paths['/api/objects']?.['post']), text]
    }
    assert.deepEqual((await told('anonymous')).slice(0, 2), ['', ''])
    assert.deepEqual((await told('other')).slice(0, 2), ['wage,diary', 'diary'])
    const [answer, body, text] = await told('chief')
    assert.deepEqual([answer, body], ['wage,diary,grade', 'wage,diary,grade'])
    assert.doesNotMatch(text, /"required":\[[^\]]*"wage"/)
    const types = clientTypes(site.house.records())
    assert.match(types, /"GET \/api\/people\/:id": \{[^]*?wage\?: number; diary\?: string \| null/)
    assert.doesNotMatch(types, /wage: |hidden\?: |x-postern/)
  })
})

describe('a rule on a field that cannot be enforced stops the start', () => {
  const wrong: readonly (readonly [name: string, rule: string, said: RegExp])[] = [
    ['no rule', `'admins'`, /staff\.diary\.read cannot be enforced: rule: "admins" is not a rule/],
    ['a field that is not there', `allow.where({ statu: 'on' })`, /no field "statu"; did you mean "status"\?/],
    ['a list that is none', `allow.listed('wage')`, /"listed" needs an access-list field, and "wage" is none/],
    ['a function that is not there', `allow.when('weekda')`, /no function "weekda"; did you mean "weekday"\?/],
    ['a parameter of a path', `allow.self({ param: 'id' })`, /cannot speak of a path parameter/],
  ]
  for (const [name, rule, said] of wrong) {
    test(`${name}: with file and line`, async () => {
      const text = staff.replace('diary: field.text({ read: allow.owner() })', `diary: field.text({ read: ${rule} })`)
      assert.notEqual(text, staff)
      await assert.rejects(siteHouse({ ...files, 'types/staff.ts': text }), (thrown: Error & { at?: unknown }) => {
        assert.match(thrown.message, said)
        assert.deepEqual(thrown.at, { file: 'types/staff.ts', line: 7 })
        return true
      })
    })
  }
})
