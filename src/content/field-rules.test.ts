import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import { anonymous } from '../endpoint/caller.ts'
import type { Content, ListQuery, StoredObject } from '../endpoint/content.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'
import { exportLines } from './transfer/export-lines.ts'

const chief = allow.role('chief')
const staff = defineType({
  name: 'staff',
  plural: 'staff_members',
  section: true,
  fields: {
    wage: field.integer({ index: true, required: true, read: allow.any(chief, allow.owner()) }),
    diary: field.text({ read: allow.owner(), localized: true }),
    grade: field.text({ read: chief, index: true }),
    badge: field.text({ read: chief, unique: true }),
    hobbies: field.tags({ read: allow.listed('friends') }),
    address: field.text({ read: allow.any(allow.where({ open: true }), allow.owner()) }),
    open: field.boolean({ private: true }),
    friends: field.accessList(),
    broken: field.text({ read: { nonsense: 1 } as never }),
  },
  relations: { mates: { to: 'staff', inverse: 'mate_of' } },
  rules: { read: allow.everyone, create: allow.user, update: allow.user, delete: allow.owner() },
})
const place = defineType({ name: 'place', rules: { read: allow.everyone, create: allow.user } })

const hidden = ['wage', 'diary', 'grade', 'badge', 'hobbies', 'address', 'broken']

describe('who may read a field', () => {
  let house: ContentHouse
  let boss: Content
  let tom: Content
  let ann: Content
  let stranger: Content
  let toms: number
  let anns: number

  before(async () => {
    house = await contentHouse([staff, place])
    boss = house.as(user(9, 'chief'))
    tom = house.as(user(1))
    ann = house.as(user(2))
    stranger = house.as(anonymous)
    const common = { broken: 'x', grade: 'A' }
    toms = (
      await house.system.create('staff', {
        ...common,
        title: 'Tom',
        owner: 1,
        wage: 10,
        diary: 'amber',
        badge: 'b1',
        hobbies: ['chess', 'go'],
        address: 'Lane 1',
        open: null,
        friends: { users: [2] },
        translations: { de: { diary: 'bernstein' }, it: { title: 'Tommaso', diary: 'ambra' } },
      })
    ).id
    anns = (
      await house.system.create('staff', {
        ...common,
        title: 'Ann',
        owner: 2,
        wage: 20,
        diary: 'birch',
        badge: 'b2',
        hobbies: ['chess'],
        address: 'Lane 2',
        open: true,
        relations: { mates: [toms] },
      })
    ).id
  })
  after(() => house[Symbol.asyncDispose]())

  function shown(one: StoredObject | null | undefined): string {
    return hidden.filter((name) => one !== null && one !== undefined && name in one).join()
  }

  async function titles(content: Content, query: ListQuery): Promise<string> {
    const { data, paging } = await content.list('staff', { sort: 'id', count: 'exact', ...query })
    assert.equal(paging.total, data.length)
    return data.map((one) => one['title']).join()
  }

  test('an object holds what its reader may have; the rest is missing, as a private field is', async () => {
    assert.equal(shown(await boss.read('staff', toms)), 'wage,grade,badge')
    assert.equal(shown(await tom.read('staff', toms)), 'wage,diary,address')
    assert.equal(shown(await ann.read('staff', toms)), 'hobbies')
    assert.equal(shown(await stranger.read('staff', toms)), '')
    assert.equal(shown(await stranger.read('staff', anns)), 'address')
    assert.equal(shown(await house.system.read('staff', toms)), hidden.join())
    const told = JSON.stringify([await stranger.read('staff', toms), await ann.list('staff')])
    assert.doesNotMatch(told, /amber|Lane 1|@|"b1"/)
  })

  test('so do lists of one type, of all types, branches, relations, embeddings and named ids', async () => {
    const mine = (page: { data: readonly StoredObject[] }): string => {
      const found = page.data.find((one) => one.id === toms)
      assert.ok(found)
      return shown(found)
    }
    for (const [content, expected] of [
      [tom, 'wage,diary,address'],
      [ann, 'hobbies'],
      [stranger, ''],
    ] as const) {
      assert.equal(mine(await content.list('staff')), expected)
      assert.equal(mine(await content.list('objects')), expected)
      assert.equal(mine(await content.list('staff', { id: [toms] } as ListQuery)), expected)
      const related = { id: anns, name: 'mates' }
      assert.equal(mine((await content.perform('relations.list', related)) as never), expected)
      const [embedded] = (await content.list('staff', { embed: { relations: 'mates' }, filter: { title: 'Ann' } })).data
      const embedding = embedded?.['relations'] as { mates: { objects: StoredObject[] } } | undefined
      assert.equal(mine({ data: embedding?.mates.objects ?? [] }), expected)
    }
  })

  test('`fields` gives what the row shows, and does not know what nobody shows the caller', async () => {
    const [one] = (await tom.list('staff', { fields: 'wage,diary', sort: 'wage', filter: { title: 'Ann' } })).data
    assert.deepEqual(one, { id: anns, object_type: 'staff' })
    assert.deepEqual(await tom.read('staff', toms, { fields: 'wage' }), { id: toms, object_type: 'staff', wage: 10 })
    assert.deepEqual(await tom.read('staff', anns, { fields: 'wage' }), { id: anns, object_type: 'staff' })
    await assert.rejects(stranger.list('staff', { fields: 'wage' }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(stranger.read('staff', toms, { fields: 'wage' }), { code: 'BAD_QUERY_VALUE' })
  })

  test('V01 V04 V05 V07 V12: a field that no row shows the caller is refused like one that is not there', async () => {
    const told = (content: Content, query: object, type = 'staff'): Promise<string> =>
      content.list(type, query).then(
        () => 'answered',
        (thrown: { code: string; status: number; message: string; errors: unknown }) =>
          `${thrown.status} ${thrown.code} ${thrown.message} ${JSON.stringify(thrown.errors)}`,
      )
    const ways = [
      (name: string) => ({ filter: { [name]: '10' } }),
      (name: string) => ({ filter: { [name]: { ne: '10' } } }),
      (name: string) => ({ filter: { [name]: { null: true } } }),
      (name: string) => ({ filter: { [name]: { starts: 'a' } } }),
      (name: string) => ({ filter: { [`Staff.${name}`]: '10' } }),
      (name: string) => ({ sort: name }),
      (name: string) => ({ sort: `-${name}` }),
      (name: string) => ({ fields: name }),
    ]
    for (const [content, names] of [
      [stranger, ['wage', 'diary', 'grade', 'badge', 'hobbies', 'broken']],
      [ann, ['grade', 'badge', 'broken']],
      [boss, ['broken']],
    ] as const) {
      const cases = names.flatMap((name) =>
        ways.flatMap((way) => ['staff', 'objects'].map((type) => ({ name, way, type }))),
      )
      for (const { name, way, type } of cases) {
        const there = await told(content, way(name), type)
        const absent = await told(content, way('zzzzzz'), type)
        assert.match(there, /^400 /)
        assert.equal(there.replaceAll(name, 'NAME'), absent.replaceAll('zzzzzz', 'NAME'))
      }
    }
    await assert.rejects(stranger.perform('records.get', { type: 'staff', where: { wage: 10 } }), {
      code: 'UNKNOWN_QUERY',
    })
  })

  test('V01: where the row decides, filters take the value for absent in all other rows', async () => {
    assert.equal(await titles(tom, { filter: { wage: '10,20' } }), 'Tom')
    assert.equal(await titles(tom, { filter: { wage: { gte: 0 } } }), 'Tom')
    assert.equal(await titles(tom, { filter: { wage: { ne: 20 } } }), 'Tom,Ann')
    assert.equal(await titles(tom, { filter: { wage: { ne: 10 } } }), 'Ann')
    assert.equal(await titles(tom, { filter: { wage: { null: true } } }), 'Ann')
    assert.equal(await titles(tom, { filter: { wage: { null: false } } }), 'Tom')
    assert.equal(await titles(tom, { filter: { 'Staff.wage': '10,20' } }), 'Tom')
    assert.equal(await titles(ann, { filter: { diary: { starts: 'a' } } }), '')
    assert.equal(await titles(ann, { filter: { hobbies: 'chess' } }), 'Tom')
    assert.equal(await titles(house.as(user(3)), { filter: { hobbies: 'chess' } }), '')
    assert.equal(await titles(boss, { filter: { wage: '10,20' } }), 'Tom,Ann')
    assert.equal((await tom.list('objects', { filter: { 'Staff.wage': '10,20' } })).paging.total, 1)
  })

  test('and a rule that cannot be said of a row (an absent value) counts as one that does not hold', async () => {
    assert.equal(await titles(stranger, { filter: { address: { ne: 'Lane 1' } } }), 'Tom,Ann')
    assert.equal(await titles(stranger, { filter: { address: { null: true } } }), 'Tom')
    assert.equal(await titles(stranger, { filter: { address: 'Lane 1' } }), '')
    assert.equal(await titles(stranger, { filter: { address: 'Lane 2' } }), 'Ann')
  })

  test('V07: so do sorts, in both directions and on every page', async () => {
    for (const [content, sort, expected] of [
      [tom, 'wage', 'Ann,Tom'],
      [tom, '-wage', 'Tom,Ann'],
      [ann, 'wage', 'Tom,Ann'],
      [ann, '-wage', 'Ann,Tom'],
      [boss, '-wage', 'Ann,Tom'],
    ] as const) {
      assert.equal(await titles(content, { sort }), expected)
      const seen: unknown[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query: ListQuery = { sort, page_size: 1, ...(cursor === '' ? {} : { cursor }) }
        const page = await content.list('staff', query)
        seen.push(...page.data.map((one) => one['title']))
        cursor = page.paging.next
        if (content !== boss && cursor !== null)
          assert.doesNotMatch(Buffer.from(cursor, 'base64url').toString(), content === tom ? /20/ : /10/)
      }
      assert.equal(seen.join(), expected)
    }
  })

  test('V08: no words of it are found, and no text of it in another language is shown', async () => {
    assert.equal(await titles(stranger, { filter: { query: 'amber' } }), '')
    assert.equal(await titles(stranger, { filter: { substring: 'amber' } }), '')
    const texts = (content: Content): Promise<unknown> => content.perform('translations.read', { id: toms })
    assert.deepEqual(await texts(stranger), { it: { title: 'Tommaso' } })
    assert.deepEqual(await texts(ann), { it: { title: 'Tommaso' } })
    assert.deepEqual(await texts(tom), { de: { diary: 'bernstein' }, it: { title: 'Tommaso', diary: 'ambra' } })
    assert.equal((await stranger.read('staff', toms, { lang: 'de' }))?.['lang'], null)
    assert.equal((await tom.read('staff', toms, { lang: 'de' }))?.['diary'], 'bernstein')
    assert.equal((await ann.read('staff', toms, { lang: 'it' }))?.['title'], 'Tommaso')
    assert.doesNotMatch(JSON.stringify(await ann.list('objects', { lang: 'it' })), /ambra|bernstein/)
  })

  test('V11: an export is what a list shows', async () => {
    const exported = async (id: number, format: 'ndjson' | 'csv', ...roles: string[]): Promise<string> => {
      const caller = id === 0 ? anonymous : user(id, ...roles)
      const lines = exportLines({ room: house.room, actor: { caller }, type: 'staff', format })
      return (await Array.fromAsync(lines)).join('')
    }
    assert.match(await exported(1, 'ndjson'), /amber.*ambra/)
    for (const format of ['ndjson', 'csv'] as const) {
      assert.doesNotMatch(await exported(0, format), /amber|ambra|bernstein|wage|badge|grade|Lane 1|@shown/)
      assert.doesNotMatch(await exported(2, format), /amber|ambra|bernstein|badge|grade|Lane 1|@shown/)
    }
    assert.match(await exported(9, 'csv', 'chief'), /wage.*\r\n.*10/)
  })

  test('manifest operations show no more, whoever let the caller in', async () => {
    for (const type of ['staff'] as const) {
      const declared = house.room
      const actor = { caller: user(2), system: 'declared in a manifest' }
      const rows = await declared.perform('records.get', { type, where: { orderBy: 'wage desc' } }, actor)
      assert.deepEqual(rows.map(shown), ['wage,diary,address', 'hobbies'])
      assert.equal(shown(await declared.perform('records.find', { type, id: toms }, actor)), 'hobbies')
      assert.equal(await declared.perform('records.count', { type, where: { 'wage <': 15 } }, actor), 0)
      assert.equal(await declared.perform('records.count', { type, where: { 'diary like': '%r%' } }, actor), 1)
    }
  })

  test('rules may speak of what they protect, and of private fields', async () => {
    const [one] = (await stranger.list('staff', { filter: { address: 'Lane 2' } })).data
    assert.equal(one?.['address'], 'Lane 2')
    assert.ok(one !== undefined && !('open' in one))
  })
})
