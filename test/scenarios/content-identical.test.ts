import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { contentFor } from '../../src/content/content-for.ts'
import { defineType } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { createContentRoom, schemaOf } from '../../src/content/room.ts'
import type { Content } from '../../src/endpoint/content.ts'
import { allow } from '../../src/rules/allow.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/port.ts'
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.ts'

const rules = {
  read: allow.any(allow.where({ status: 'on' }), allow.owner(), allow.listed('readers')),
  create: allow.user,
  update: allow.any(allow.owner(), allow.role('editor')),
  delete: allow.owner(),
}
const folder = defineType({ name: 'folder', section: true, fields: { readers: field.accessList() }, rules })
const thing = defineType({
  name: 'thing',
  fields: {
    word: field.text({ index: true }),
    code: field.text({ unique: true }),
    count: field.integer(),
    size: field.number(),
    done: field.boolean(),
    day: field.date(),
    at: field.datetime(),
    mood: field.select({ options: ['calm', 'wild'] }),
    tags: field.tags(),
    data: field.json(),
    of: field.reference({ to: 'folder' }),
    readers: field.accessList(),
  },
  relations: {
    near: { to: 'thing', inverse: 'near_of', params: { how: field.text() } },
    seealso: { inverse: 'seealso' },
  },
  rules,
})

const words = [
  '',
  'a',
  'A',
  'b',
  'ä',
  'Ä',
  'é',
  'e\u0301',
  'ß',
  'z',
  'Z',
  '_',
  '%',
  '10',
  '9',
  '-1',
  '東京',
  '🦆',
  "it's",
  'a b',
  ' a',
  '\u00a0',
  'ﬁ',
  'ı',
  'İ',
  '~',
]

/** Whatever is asked, both databases give the same bytes: answers, orders, totals, cursors and refusals. */
describe('two databases, one behaviour', () => {
  const place = mkdtempSync(join(tmpdir(), 'postern-identical-'))
  let database: TestDatabase
  let stores: Store[] = []
  let rooms: { as: (user: number, ...roles: string[]) => Content }[] = []

  before(async () => {
    database = await createTestDatabase()
    stores = [openSqlite(join(place, 'content.db')), await openPostgres(database.url)]
    rooms = await Promise.all(stores.map(roomOn))
  })
  after(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await database.drop()
    rmSync(place, { recursive: true, force: true })
  })

  async function roomOn(store: Store): Promise<(typeof rooms)[number]> {
    const types = [folder, thing]
    await store.migrate([schemaOf(types)])
    let now = Date.parse('2026-03-01T00:00:00.000Z')
    const room = createContentRoom({ types, read: store.read, write: store.write, clock: () => (now += 700) })
    return {
      as: (id, ...roles) =>
        contentFor(room, { caller: { kind: 'user', id, name: `u${id}`, code: `U${id}`, roles, via: 'session' } }),
    }
  }

  /** Does the same in both rooms and compares what comes of it. */
  async function both(work: (as: (typeof rooms)[number]['as']) => Promise<unknown>): Promise<unknown> {
    const outcomes = await Promise.all(rooms.map(({ as }) => outcome(work(as))))
    assert.equal(outcomes[0], outcomes[1])
    return JSON.parse(outcomes[0] ?? 'null')
  }

  async function outcome(work: Promise<unknown>): Promise<string> {
    try {
      return JSON.stringify((await work) ?? null)
    } catch (thrown) {
      const { code, message, errors } = thrown as { code?: string; message: string; errors?: unknown }
      return JSON.stringify({ code: code ?? 'none', message, errors })
    }
  }

  /** Numbers that look random and are the same in every run. */
  function dice(seed: number): (sides: number) => number {
    let state = seed
    return (sides) => {
      state = Math.imul(state ^ (state >>> 15), state | 1)
      state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
      return ((state ^ (state >>> 14)) >>> 0) % sides
    }
  }

  const pick = <T>(roll: (sides: number) => number, list: readonly T[]): T => list[roll(list.length)] as T

  function fields(roll: (sides: number) => number, index: number): Record<string, unknown> {
    const all: Record<string, unknown> = {
      title: `${pick(roll, words)} ${index}`,
      word: pick(roll, words),
      code: pick(roll, [null, `c${index}`, 'same', '']),
      count: pick(roll, [null, 0, 1, -1, 9_007_199_254_740_991, 1.5, '1']),
      size: pick(roll, [null, 0.1, -0, 1e-9, 1e15, 123456.789, Number.POSITIVE_INFINITY]),
      done: pick(roll, [null, true, false, 1]),
      day: pick(roll, [null, '2026-02-28', '1999-12-31', '2026-02-30']),
      at: pick(roll, [null, '2026-01-01T10:00:00+02:00', '2026-01-01T10:00:00.5Z', 'now']),
      mood: pick(roll, [null, 'calm', 'wild', 'angry']),
      tags: pick(roll, [null, [], ['x'], ['x', 'é'], ['b', 'a']]),
      data: pick(roll, [null, { b: 1, a: [2, { c: 'é' }] }, 'text', 7, [], { n: 1.0 }]),
      status: pick(roll, ['on', 'draft', 'off']),
      readers: pick(roll, [null, { users: [2] }, { roles: ['club'] }, {}]),
      of: pick(roll, [null, 1, 2, 999]),
    }
    // Without a slug each would get one of its own, made by chance.
    return { slug: `s${index}`, ...Object.fromEntries(Object.entries(all).filter(() => roll(3) > 0)) }
  }

  test('writing: what is taken, kept and refused', async () => {
    const roll = dice(Number(process.env['POSTERN_TEST_SEED'] ?? 42))
    for (const title of ['root', 'inner', 'other']) await both((as) => as(1).create('folder', { title }))
    let taken = 0
    for (let index = 0; index < 200; index++) {
      const given = fields(roll, index)
      const user = 1 + roll(3)
      const done = (await both((as) => as(user).create('thing', given))) as { id?: number }
      if (done.id !== undefined) taken++
      const target = 1 + roll(40)
      const other = 1 + roll(40)
      const changes = { ...fields(roll, 1000 + index), ...(roll(4) === 0 ? { version: 1 } : {}) }
      const link = { id: other, ...(roll(2) === 0 ? { params: { how: 'x' } } : {}) }
      const name = pick(roll, ['near', 'near_of', 'seealso'])
      const section = 1 + roll(3)
      if (roll(2) === 0) await both((as) => as(user, 'editor').update('thing', target, changes))
      if (roll(5) === 0) await both((as) => as(user).trash('thing', target))
      if (roll(3) === 0)
        await both((as) => as(user, 'editor').perform('relations.add', { id: target, name, items: [link] }))
      if (roll(3) === 0) await both((as) => as(user, 'editor').perform('tree.add', { id: section, items: [other] }))
    }
    assert.ok(taken > 40, `${taken} of the objects were taken`)
  })

  test('ids: whatever was refused, undone or deleted in between, both go on with the same', async () => {
    const make = (fields: object): Promise<unknown> => both((as) => as(1).create('thing', { ...fields }))
    const { id } = (await make({ slug: 'first-of-ids' })) as { id: number }
    await make({ slug: 'first-of-ids' })
    await make({ title: 'x', parents: [99_999] })
    const items = ['second-of-ids', 'first-of-ids'].map((slug) => ({ type: 'thing', fields: { slug } }))
    await both((as) => as(1).perform('objects.create', { items }))
    assert.equal(((await make({ slug: 'third-of-ids' })) as { id: number }).id, id + 1)
    await both((as) => as(1).perform('objects.purge', { id: id + 1 }))
    // A slug that is made of the title gives way by chance: only the ids can be alike.
    const ids = Promise.all(rooms.map(async ({ as }) => (await as(1).create('thing', { title: 'first of ids' })).id))
    assert.deepEqual(await ids, [id + 2, id + 2], 'what is gone is not given again')
    await both((as) => as(1).perform('objects.purge', { id: id + 2 }))
    assert.equal(((await make({ slug: 'fourth-of-ids' })) as { id: number }).id, id + 3)
  })

  const sorts = [
    undefined,
    'word',
    '-word',
    'count',
    '-count',
    'size',
    '-size,word',
    'done',
    'day',
    '-at',
    'mood,-id',
    'title',
    '-title',
    '-created',
    'modified',
    'slug',
    'status,word',
  ]
  const filters: (Record<string, unknown> | undefined)[] = [
    undefined,
    ...words.map((word) => ({ word })),
    { word: { gte: 'a' } },
    { word: { lt: 'é' } },
    { word: { ne: 'a' } },
    { word: { null: true } },
    { word: { starts: 'a' } },
    { count: { gt: 0 } },
    { count: 9_007_199_254_740_991 },
    { size: { lte: 0.1 } },
    { done: true },
    { done: { ne: true } },
    { day: { gte: '2000-01-01' } },
    { at: { lt: '2026-01-01T09:00:00Z' } },
    { mood: 'calm,wild' },
    { tags: 'é,b' },
    { query: 'a' },
    { query: 'É ss' },
    { query: '東京' },
    { query: '1*' },
    { substring: 'A' },
    { substring: '%' },
    { parent: 1 },
    { ancestor: 1 },
    { near: 7 },
    { near_of: { within: 1 } },
    { of: 1 },
    { status: 'on' },
  ]

  test('asking: every filter, order, page and cursor', async () => {
    for (const [index, filter] of filters.entries()) {
      for (const user of [1, 9]) {
        const sort = sorts[(index + user) % sorts.length]
        const query = {
          page_size: 7,
          ...(filter === undefined ? {} : { filter }),
          ...(sort === undefined ? {} : { sort }),
        }
        await both((as) => as(user, 'club').list('thing', query))
        await both((as) => as(user).perform('objects.list', { query: filter === undefined ? {} : { filter } }))
      }
    }
    for (const sort of sorts) {
      for (let cursor: string | null | undefined, page = 0; cursor !== null && page < 30; page++) {
        const query = {
          page_size: 5,
          ...(sort === undefined ? {} : { sort }),
          ...(cursor === undefined ? {} : { cursor }),
          embed: { relations: 'near,seealso' },
        }
        const told = (await both((as) => as(1, 'club').list('thing', query))) as { paging: { next: string | null } }
        cursor = told.paging.next
      }
    }
  })

  test('reading: objects, their ties, and what manifests declare', async () => {
    for (let id = 1; id <= 45; id++) {
      for (const user of [1, 2]) {
        await both((as) => as(user).read('objects', id))
        await both((as) => as(user).perform('relations.count', { id }))
        await both((as) => as(user).perform('relations.list', { id, name: 'seealso' }))
      }
    }
    for (const branch of ['children', 'descendants', 'parents', 'ancestors', 'siblings', 'contents', 'sections']) {
      for (const id of [1, 2, 7])
        await both((as) => as(1).perform('tree.list', { id, branch, query: { page_size: 50 } }))
    }
    for (const where of [
      { 'word LIKE': 'A%' },
      { 'word NOT LIKE': '%b%' },
      { 'count >': 0, 'OR word': 'a' },
      { orderBy: 'word desc, count' },
      { 'size <=': 0.1, limit: 3, offset: 1 },
      { done: true },
      { 'at >=': '2026-01-01T00:00:00Z' },
    ]) {
      await both((as) => as(1).perform('records.get', { type: 'thing', where }))
      await both((as) => as(1).perform('records.count', { type: 'thing', where }))
    }
    await both((as) => as(1).perform('objects.export', { type: 'thing' }))
  })
})
