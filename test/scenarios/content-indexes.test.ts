import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import type { TypeData } from '../../src/content/define-type.ts'
import { ObjectTypes } from '../../src/content/object-types.ts'
import { schemaOf } from '../../src/content/room.ts'
import { sharedNames } from '../../src/content/shared-fields.ts'
import { unindexed } from '../../src/content/unindexed.ts'
import type { Page } from '../../src/endpoint/content.ts'
import type { Plan, Store } from '../../src/store/port.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import { fillWithMany } from '../fixtures/many-rows.ts'
import { guarded, item, queriedRoom, unguarded, type Queried } from '../fixtures/queried-types.ts'
import { waysOnPostgres, waysOnSqlite, type Way } from '../fixtures/query-ways.ts'
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.ts'

/**
 * `few`: an index leads to what is asked for. `walk`: an index has the rows in their order, and they are read from where the
 * page begins to where it ends. `filtered walk`: the same, but rows that are not the caller's are passed over. `all`: all
 * objects of a type are looked at; only for what its type gives no index, which doctor says.
 */
type Reads = 'few' | 'walk' | 'filtered walk' | 'all'
type Ask = (at: Queried) => Promise<unknown>
type Asked = readonly (readonly [name: string, reads: Reads, ask: Ask])[]
type Query = Readonly<Record<string, unknown>>

const list = (type: string, query: Query = {}): Ask => {
  return ({ kim }) => kim.list(type, query)
}
const where = (type: string, filter: Query, more: Query = {}): Ask => list(type, { filter, ...more })
/** The second page, which a cursor leads to. */
const next = (type: string, query: Query = {}): Ask => {
  return async ({ kim, recorded }) => {
    const { paging }: Page = await kim.list(type, { ...query, page_size: 1 })
    assert.ok(paging.next !== null, 'there is a second page')
    recorded.forget()
    return kim.list(type, { ...query, page_size: 1, cursor: paging.next })
  }
}
const does = (operation: string, input: (at: Queried) => Query): Ask => {
  return (at) => at.kim.perform(operation, input(at))
}

const lists: Asked = [
  ['everything', 'walk', list('objects')],
  ['everything, the third page', 'walk', list('objects', { page: 3, page_size: 2 })],
  ['everything, newest first', 'filtered walk', list('objects', { sort: '-created' })],
  ['everything by change', 'filtered walk', next('objects', { sort: 'modified' })],
  ['everything by title', 'filtered walk', list('objects', { sort: 'title' })],
  ['everything by title, turned round', 'filtered walk', next('objects', { sort: '-title' })],
  ['everything of some title', 'few', where('objects', { title: 'T 1' })],
  [
    'everything of a time',
    'few',
    where('objects', { created: { gte: '2021-01-01T00:00:00Z', lt: '2021-01-02T00:00:00Z' } }),
  ],
  ['everything of somebody', 'few', where('objects', { owner: 3 })],
  ['everything, one field of one type', 'few', where('objects', { 'Item.price': 7 })],
  ['some types', 'walk', where('objects', { object_type: 'item,post' })],
  ['some ids', 'few', does('objects.list', ({ one, two }) => ({ query: { id: `${one},${two}` } }))],
  ['a type', 'walk', list('item')],
  ['a type, counted to the end', 'walk', list('item', { count: 'exact' })],
  ['a type from a cursor', 'walk', next('item')],
  ['a type backwards from a cursor', 'walk', next('item', { sort: '-id' })],
  ['a type, newest first', 'walk', list('item', { sort: '-created' })],
  ['a type, newest first, from a cursor', 'walk', next('item', { sort: '-created' })],
  ['a type by title from a cursor', 'walk', next('item', { sort: 'title' })],
  ['a type by title, turned round, from a cursor', 'walk', next('item', { sort: '-title' })],
  ['a type, the last published first', 'walk', list('item', { sort: '-published_from' })],
  ['a type, the last published first, from a cursor', 'walk', next('item', { sort: '-published_from' })],
  ['a type by change', 'walk', list('item', { sort: '-modified', page: 2, page_size: 1 })],
  ['a type by a field with an index', 'walk', list('item', { sort: 'price' })],
  ['from a cursor', 'walk', next('item', { sort: 'price' })],
  ['turned round, from a cursor', 'walk', next('item', { sort: '-price' })],
  ['by two fields', 'walk', next('item', { sort: '-price,title' })],
  ['a type of ids', 'few', does('objects.list', ({ one: id }) => ({ type: 'item', query: { id: [id] } }))],
  ['with others in another language', 'filtered walk', list('diary', { lang: 'de' })],
  ['with what it is related to', 'walk', list('item', { embed: { relations: 'near|3,any_of' } })],
]

const filtered: Asked = [
  ['an indexed field', 'few', where('item', { price: 7 })],
  ['one of several values', 'few', where('item', { price: '7,8' })],
  ['a range, in its order', 'few', where('item', { price: { gte: 6, lte: 8 } }, { sort: 'price' })],
  ['a range, in another order', 'few', where('item', { price: { lt: 9 } }, { sort: '-created' })],
  ['no value', 'few', where('item', { price: { null: 'true' } })],
  ['another value', 'walk', where('item', { price: { ne: 7 } })],
  ['a unique field', 'few', where('item', { code: 'c1' })],
  ['a date', 'few', where('item', { day: { gte: '2021-01-01' } })],
  ['its own name', 'few', where('item', { 'Item.price': 7 })],
  ['a beginning', 'few', where('item', { title: { starts: 'T ' } })],
  ['a tag', 'few', where('item', { tags: 't1' })],
  ['a reference', 'few', ({ kim, root }) => kim.list('item', { filter: { of: root } })],
  ['a relation', 'few', ({ kim, one }) => kim.list('item', { filter: { near: one } })],
  [
    'a relation to what lies below',
    'few',
    ({ kim, section }) => kim.list('item', { filter: { near: { within: section } } }),
  ],
  ['a parent', 'few', ({ kim, section }) => kim.list('item', { filter: { parent: section } })],
  ['a parent of anything', 'few', ({ kim, section }) => kim.list('objects', { filter: { parent: section } })],
  ['what is above', 'few', ({ kim, section }) => kim.list('item', { filter: { ancestor: section } })],
  ['what is above anything', 'few', ({ kim, section }) => kim.list('objects', { filter: { ancestor: section } })],
  ['a part of a title', 'few', where('item', { substring: 'T 1' })],
  ['a part of any title', 'few', where('objects', { substring: 'T 1' })],
  ['words', 'few', where('item', { query: 't 1' })],
  ['words of anything', 'few', where('objects', { query: 'row77' })],
  ['words, the best first', 'few', where('item', { query: 't 1' }, { sort: 'relevance' })],
  ['words, the newest first', 'few', where('item', { query: 't 1' }, { sort: '-created' })],
  ['words, from a cursor', 'few', next('item', { filter: { query: 't' } })],
  ["words of what is the caller's", 'few', where('diary', { query: 'a' })],
  ['a field that rows may withhold', 'few', where('news', { price: 1 })],
]

const ruled: Asked = [
  ["what is the caller's", 'few', list('mine')],
  ['from a cursor', 'few', next('mine', { sort: '-id' })],
  ["what is the caller's or names the caller", 'filtered walk', list('diary')],
  ['from a cursor', 'filtered walk', next('diary')],
  ['the newest first', 'filtered walk', list('diary', { sort: '-created' })],
  ['what is published', 'walk', list('post')],
  ['what is published, the newest first', 'walk', list('post', { sort: '-created' })],
  ['what holds a value, by an indexed field', 'few', list('news')],
]

const around: Asked = [
  ...['children', 'contents', 'sections', 'descendants'].map(
    (branch) => [branch, 'few', does('tree.list', ({ section: id }) => ({ id, branch }))] as const,
  ),
  ...['siblings', 'parents', 'ancestors'].map(
    (branch) => [branch, 'few', does('tree.list', ({ one: id }) => ({ id, branch }))] as const,
  ),
  [
    'children in another order',
    'few',
    does('tree.list', ({ section: id }) => ({ id, branch: 'children', query: { sort: '-created' } })),
  ],
  ['a place', 'few', does('tree.place', ({ root: id, one: child }) => ({ id, child }))],
  ['related objects', 'few', does('relations.list', ({ one: id }) => ({ id, name: 'near_of' }))],
  ['related objects of any type', 'few', does('relations.list', ({ one: id }) => ({ id, name: 'any_of' }))],
  ['how many are related', 'few', does('relations.count', ({ one: id }) => ({ id }))],
  ['a link', 'few', does('relations.read', ({ two: id, one: related }) => ({ id, name: 'near', related }))],
  ['one object', 'few', ({ kim, one }) => kim.read('item', one, { embed: { relations: 'near_of' } })],
  ['one object by its slug', 'few', ({ kim }) => kim.read('objects', 't-1')],
  ['its other texts', 'few', does('translations.read', ({ diary: id }) => ({ id }))],
  ['the trash', 'few', does('trash.list', () => ({}))],
  ['the trash of a type', 'few', does('trash.list', () => ({ type: 'item' }))],
  ['an export', 'filtered walk', does('objects.export', () => ({ type: 'item' }))],
  ['records that hold a value', 'few', does('records.get', () => ({ type: 'item', where: { price: '7' } }))],
  ['how many records do', 'few', does('records.count', () => ({ type: 'item', where: { code: 'c1' } }))],
  ['one record', 'few', does('records.find', ({ one: id }) => ({ type: 'item', id }))],
]

const links = ({ one, two }: Queried): Query => ({ id: one, name: 'near', items: [{ id: two }] })
const drafts = ({ root, one }: Queried): Query => {
  const fields = { title: 'new', code: 'n', parents: [root], tags: ['x'], of: root, relations: { near: [{ id: one }] } }
  return { type: 'item', fields }
}
const writes: Asked = [
  ['create', 'few', does('objects.create', drafts)],
  ['update', 'few', ({ kim, one }) => kim.update('item', one, { title: 'n', code: 'n2', tags: ['y'], parents: [] })],
  ['put into a section', 'few', does('tree.add', ({ section: id, one }) => ({ id, items: [{ id: one }] }))],
  [
    'move',
    'few',
    does('tree.move', ({ section: id, one: child }) => ({ id, child, position: 2, move_siblings: true })),
  ],
  ['take out of a section', 'few', does('tree.remove', ({ section: id, one: child }) => ({ id, child }))],
  ['move a section', 'few', ({ kim, section, root }) => kim.update('folder', section, { parents: [root] })],
  ['link', 'few', does('relations.add', links)],
  [
    'change a link',
    'few',
    does('relations.change', ({ one: id, two: related }) => ({ id, name: 'near', related, position: 3 })),
  ],
  ['unlink', 'few', does('relations.remove', ({ one: id, two: related }) => ({ id, name: 'near', related }))],
  ['put into the trash', 'few', ({ kim, one }) => kim.trash('item', one)],
  ['restore', 'few', does('objects.restore', ({ one: id }) => ({ id }))],
  ['delete records', 'few', does('records.destroy', () => ({ type: 'item', where: { code: 'n2' } }))],
  ['purge', 'few', does('objects.purge', ({ one: id }) => ({ id }))],
]

const indexed = new Set(['id', 'object_type', 'title', 'created', 'modified', 'published_from'])
const bySorting = sharedNames.filter((name) => !indexed.has(name))
const withoutIndex: Asked = [
  ...[...bySorting, 'city'].map((sort) => [`by ${sort}`, 'all', list('item', { sort })] as const),
  ['everything by status', 'all', list('objects', { sort: 'status' })],
  ['a field without an index', 'filtered walk', where('item', { city: 'Rome' })],
  ['a draft', 'filtered walk', where('item', { status: 'draft' })],
]

interface Opened {
  readonly store: Store
  readonly wayOf: (plan: Plan) => Promise<Way>
  /** Once there are the first few objects. */
  readonly fill: () => Promise<void>
  readonly close: () => Promise<void>
}
type Open = (types: readonly TypeData[]) => Promise<Opened>

/** Without a word on how rows are spread SQLite takes the same way whatever their number. */
const onSqlite: Open = async (types) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-indexes-'))
  const file = join(folder, 'content.db')
  const store = openSqlite(file)
  const close = async (): Promise<void> => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { store, wayOf: waysOnSqlite(file, schemaOf(types)), fill: async () => {}, close }
}

/** Joined by loops alone, so that what has no index shows, however few the rows are beside those of a site. */
const onPostgres: Open = async (types) => {
  const database: TestDatabase = await createTestDatabase()
  const store = await openPostgres(database.url)
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const query = async (text: string, values: readonly unknown[] = []): Promise<unknown> =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows
  for (const way of ['jit', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) await query(`set ${way} = off`)
  await query('set max_parallel_workers_per_gather = 0')
  // No table fits into memory to be looked through there, as it would among a million rows.
  await query('set work_mem = 64')
  await query('set hash_mem_multiplier = 1')
  const close = async (): Promise<void> => {
    await client.end()
    await store.close()
    await database.drop()
  }
  return { store, wayOf: waysOnPostgres(query, schemaOf(types)), fill: () => fillWithMany(query), close }
}

for (const [database, open] of Object.entries({ SQLite: onSqlite, PostgreSQL: onPostgres })) {
  for (const types of [unguarded, guarded]) {
    const also = types === guarded ? ', where sections have rules for what lies below them' : ''
    describe(`V99 what an ordinary caller can ask ${database} for${also}`, () => goByIndexes(open, types))
  }
}

function goByIndexes(open: Open, types: readonly TypeData[]): void {
  let opened: Opened
  let at: Queried
  before(async () => {
    opened = await open(types)
    at = await queriedRoom(opened.store, types)
    await opened.fill()
  })
  after(() => opened.close())

  for (const [group, asked] of Object.entries({ lists, filtered, ruled, around, withoutIndex, writes })) {
    test(group, async () => {
      const faults: string[] = []
      for (const [name, reads, ask] of asked) {
        const plans = await at.recorded.during(() => ask(at))
        assert.ok(plans.length > 0, `${name} asks the database`)
        const ways = await Promise.all(
          plans.filter((plan) => !('insert' in plan)).map(async (plan) => ({ plan, way: await opened.wayOf(plan) })),
        )
        const wrong = ways.filter((one) => !isWell(one, reads))
        faults.push(...wrong.map(({ way }) => `${name} (${reads}):\n${way.told}`))
        if (reads === 'all' && open === onSqlite && ways.every((one) => isWell(one, 'walk')))
          faults.push(`${name} has an index after all`)
      }
      assert.deepEqual(faults, [], faults.join('\n\n'))
    })
  }
}

/** Of some thousand rows. */
const few = 700

function isWell({ plan, way }: { readonly plan: Plan; readonly way: Way }, reads: Reads): boolean {
  const isCount = 'select' in plan && plan.select.some((one) => typeof one === 'object' && 'aggregate' in one)
  if (reads === 'few') return way.whole.length === 0 && way.looked < few
  if (reads === 'all' || isCount) return true
  return !way.sorts && (reads === 'filtered walk' || way.looked < few)
}

test('every column that names another row is found by an index, as when that row goes', () => {
  const tables = schemaOf(guarded).tables
  const without = tables.flatMap(({ name, columns, primaryKey, indexes = [] }) =>
    Object.entries(columns)
      .filter(([, { references }]) => references !== undefined)
      .filter(([column]) => ![primaryKey, ...indexes.map((one) => one.columns)].some((key) => key?.[0] === column))
      .map(([column]) => `${name}.${column}`),
  )
  assert.deepEqual(without, [])
  assert.ok(tables.some(({ columns }) => Object.values(columns).some(({ references }) => references !== undefined)))
})

test('what has no index is what doctor names', () => {
  const [type] = new ObjectTypes([item]).all
  assert.ok(type)
  assert.deepEqual(unindexed(type, ['filter[*]']).byFilters, ['city'])
})
