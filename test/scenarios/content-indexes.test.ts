import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { contentFor } from '../../src/content/content-for.ts'
import { defineType, type TypeData } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { createContentRoom, schemaOf } from '../../src/content/room.ts'
import { settleGuards } from '../../src/content/settle-guards.ts'
import { anonymous } from '../../src/endpoint/caller.ts'
import type { Content } from '../../src/endpoint/content.ts'
import { allow } from '../../src/rules/allow.ts'
import { compile, countPlan } from '../../src/store/compile.ts'
import type { Reader, SelectPlan, Store } from '../../src/store/port.ts'
import { dialect } from '../../src/store/sqlite/dialect.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import type { Table } from '../../src/store/table.ts'

const folder = defineType({ name: 'folder', section: true, rules: { read: allow.everyone } })
const item = defineType({
  name: 'item',
  fields: {
    code: field.text({ unique: true }),
    price: field.integer({ index: true }),
    readers: field.accessList(),
    tags: field.tags(),
    of: field.reference({ to: 'folder' }),
  },
  relations: { near: { to: 'item', inverse: 'near_of' } },
  rules: { read: allow.everyone },
})
const diary = defineType({
  name: 'diary',
  fields: { readers: field.accessList() },
  rules: { read: allow.any(allow.owner(), allow.listed('readers')) },
})

const room = defineType({
  name: 'room',
  section: true,
  fields: { readers: field.accessList(), open: field.boolean() },
  rules: { read: allow.everyone },
  below: { read: allow.any(allow.listed('readers'), allow.where({ open: true })) },
})

/** What an ordinary caller can ask, and the way the database takes: by indexes, without reading a whole table and without sorting. */
for (const types of [
  [folder, item, diary],
  [folder, item, diary, room],
]) {
  const where = types.includes(room) ? ', where sections have rules for what lies below them' : ''
  describe(`V99 every list that an ordinary caller can ask for${where}`, () => goByIndexes(types))
}

function goByIndexes(types: readonly TypeData[]): void {
  const place = mkdtempSync(join(tmpdir(), 'postern-indexes-'))
  const file = join(place, 'content.db')
  const schema = schemaOf(types)
  const tables = new Map<string, Table>(schema.tables.map((table) => [table.name, table]))
  const seen: SelectPlan[] = []
  let store: Store
  let stranger: Content
  let kim: Content

  before(async () => {
    store = openSqlite(file)
    await store.migrate([schema])
    await settleGuards(store, types)
    const watched: Reader = {
      rows: (plan) => note(plan, store.read.rows(plan)),
      first: (plan) => note({ ...plan, limit: 1 }, store.read.first(plan)),
      count: (plan, limit) => note(countPlan(plan, limit), store.read.count(plan, limit)),
    }
    const content = createContentRoom({ types, read: watched, write: store.write })
    const system = contentFor(content, { caller: anonymous, system: 'test' })
    const root = await system.create('folder', { title: 'root' })
    const many = Array.from({ length: 900 }, (_, index) => ({
      type: 'item',
      fields: {
        title: `T ${index}`,
        code: `c${index}`,
        price: index % 50,
        tags: [`t${index % 9}`],
        of: root.id,
        parents: [root.id],
        owner: index % 20,
      },
    }))
    await system.perform('objects.create', { items: many })
    await system.perform('objects.create', {
      items: Array.from({ length: 300 }, (_, index) => ({
        type: 'diary',
        fields: { owner: index % 20, readers: { users: [index % 7], roles: ['club'] } },
      })),
    })
    if (types.includes(room)) {
      const { id } = await system.create('room', { title: 'room', open: true, readers: { roles: ['club'] } })
      await system.update('folder', root.id, { parents: [id] })
    }
    stranger = contentFor(content, { caller: anonymous })
    kim = contentFor(content, {
      caller: { kind: 'user', id: 3, name: 'kim', code: 'K', roles: ['club'], via: 'session' },
    })
  })
  after(async () => {
    await store.close()
    rmSync(place, { recursive: true, force: true })
  })

  function note<Answer>(plan: SelectPlan, answer: Answer): Answer {
    seen.push(plan)
    return answer
  }

  /** The database's own words on how it would go about each query that was asked meanwhile. */
  async function ways(work: () => Promise<unknown>): Promise<string[]> {
    seen.length = 0
    await work()
    using database = new DatabaseSync(file, { readOnly: true })
    return seen.flatMap((plan) => {
      const compiled = compile(plan, dialect, tables)
      const rows = database.prepare(`explain query plan ${compiled.sql}`).all(...compiled.bind.map(() => '1'))
      return rows.map((row) => String(row['detail']))
    })
  }

  const asked: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a type', () => stranger.list('item')],
    ['a type, newest first', () => stranger.list('item', { sort: '-created' })],
    ['a type by title', () => stranger.list('item', { sort: 'title' })],
    ['a type by change', () => stranger.list('item', { sort: '-modified', page: 3 })],
    ['a type by its own indexed field', () => stranger.list('item', { sort: 'price' })],
    [
      'an indexed field in a range, in its order',
      () => stranger.list('item', { filter: { price: { gte: 7 } }, sort: 'price' }),
    ],
    ['a unique field', () => stranger.list('item', { filter: { code: 'c5' } })],
    ['a list of words', () => stranger.list('item', { filter: { tags: 't1' } })],
    ['a reference', () => stranger.list('item', { filter: { of: 1 } })],
    ['a relation', () => stranger.list('item', { filter: { near: 5 } })],
    ['a place in the tree', () => stranger.list('item', { filter: { ancestor: 1 } })],
    ['a part of a title', () => stranger.list('item', { filter: { substring: '12' } })],
    ['a part of a title, of everything', () => stranger.list('objects', { filter: { substring: 'T 123' } })],
    ['words', () => stranger.list('item', { filter: { query: 'one two' } })],
    ['children in order', () => stranger.perform('tree.list', { id: 1, branch: 'children' })],
    ['related objects in order', () => stranger.perform('relations.list', { id: 5, name: 'near_of' })],
    ['embedded objects', () => stranger.list('item', { embed: { relations: 'near' } })],
    ['one object by its slug', () => stranger.read('objects', 't-5')],
    ['everything', () => stranger.list('objects')],
    ['what is the callers own or lists the caller', () => kim.list('diary')],
  ]
  for (const [name, ask] of asked) {
    test(`${name}: goes by an index and sorts nothing`, async () => {
      const all = await ways(ask)
      assert.ok(all.length > 0)
      if (types.includes(room)) assert.match(all.join('\n'), /SEARCH gx USING .*section=/)
      // Everything is read in the order of the ids, from where the page begins.
      const whole = all.filter(
        (way) =>
          way.startsWith('SCAN ') && !/ USING | VIRTUAL TABLE |^SCAN (ranked|counted|constant|walk|\()/i.test(way),
      )
      assert.deepEqual(whole, name === 'everything' ? whole.filter((way) => way === 'SCAN o') : [], all.join(' | '))
    })
  }

  test('sorting by a field with an index never sorts rows', async () => {
    for (const sort of ['-created', 'title', '-modified', 'price', '-price', 'id', '-id']) {
      const all = await ways(() => stranger.list('item', { sort }))
      assert.ok(!all.some((way) => way.includes('TEMP B-TREE')), `${sort}: ${all.join(' | ')}`)
    }
    const own = await ways(() => stranger.list('item', { filter: { price: { gte: 7 } }, sort: 'price' }))
    assert.ok(!own.some((way) => way.includes('TEMP B-TREE')), own.join(' | '))
    for (const sort of ['', '-id']) {
      const ofOne = await ways(() => stranger.list('item', { filter: { of: 1 }, sort }))
      assert.ok(!ofOne.some((way) => way.includes('TEMP B-TREE')), ofOne.join(' | '))
    }
  })

  test('the test itself tells a whole table read', async () => {
    const all = await ways(() => stranger.list('item', { sort: 'status' }))
    assert.ok(
      all.some((way) => way.includes('TEMP B-TREE')),
      all.join(' | '),
    )
  })
}
