/** A type that goes by another name: its objects stay what they were, in all that is kept of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentFor } from '../../src/content/content-for.ts'
import { defineType, type TypeData } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { reindex } from '../../src/content/reindex.ts'
import { createContentRoom, schemaOf } from '../../src/content/room.ts'
import { settleGuards } from '../../src/content/settle-guards.ts'
import type { Content } from '../../src/endpoint/content.ts'
import { applyFiles } from '../../src/migrations/apply.ts'
import { planSteps } from '../../src/migrations/plan.ts'
import { planFile, readState } from '../../src/migrations/state.ts'
import { allow } from '../../src/rules/allow.ts'
import { contentHouse, user, type ContentHouse } from '../fixtures/content-house.ts'
import { migrationFiles } from '../fixtures/migration-files.ts'

const rules = { read: allow.everyone, create: allow.user, update: allow.user, delete: allow.user }

function shelf(name: string): TypeData {
  const fields = { readers: field.accessList(), place: field.text({ unique: true }) }
  return defineType({ name, plural: name, section: true, fields, rules, below: { read: allow.listed('readers') } })
}

function book(name: string, more = {}): TypeData {
  const fields = { genre: field.text({ index: true, localized: true }), words: field.tags(), ...more }
  return defineType({ name, plural: name, fields, relations: { next: {} }, rules })
}

const before = [shelf('shelf'), book('book')]
const now = [shelf('rack'), book('tome', { pages: field.integer() })]
const rename = [
  { do: 'rename type', type: 'shelf', to: 'rack' },
  { do: 'rename type', type: 'book', to: 'tome' },
  { do: 'add field', type: 'tome', field: 'pages', as: { kind: 'integer' } },
]
const begin = planSteps(new Map(), before).steps

/** A book on a shelf that only user 1 may look into, and a book that follows it. */
async function filled(): Promise<{ house: ContentHouse; one: number; two: number; shelf: number }> {
  const house = await contentHouse(before)
  const { id } = await house.system.create('shelf', { title: 'S', place: 'left', readers: { users: [1] } })
  const one = await house.system.create('book', {
    title: 'One',
    genre: 'crime',
    words: ['red'],
    parents: [id],
    translations: { it: { genre: 'giallo' } },
  })
  const relations = { next: [{ id: one.id }] }
  const two = await house.system.create('book', { title: 'Two', genre: 'essay', relations })
  return { house, one: one.id, two: two.id, shelf: id }
}

/** The site as it is opened with the new types. */
async function opened({ store }: ContentHouse, types: readonly TypeData[]): Promise<(id: number) => Content> {
  store.declare(schemaOf(types))
  await settleGuards(store, types)
  await reindex(store, types)
  const room = createContentRoom({ types, read: store.read, write: store.write })
  return (id) => contentFor(room, { caller: user(id) })
}

test('its objects keep ids, values, words, ties, translations and the rules that sections have for them', async () => {
  const { house, one, two, shelf: section } = await filled()
  await using _house = house
  const files = migrationFiles(begin, rename)
  const done = await applyFiles(house.store, { types: now, files })
  assert.deepEqual(done[1]?.steps, [
    'rename type shelf to rack, with its objects',
    'rename type book to tome, with its objects',
    'add tome.pages: integer',
  ])
  const as = await opened(house, now)
  const read = await as(1).read('tome', one, { lang: 'it' })
  assert.deepEqual([read?.['genre'], read?.['words'], read?.['object_type']], ['giallo', ['red'], 'tome'])
  const titles = async (who: number, type: string, filter: object): Promise<string> =>
    (await as(who).list(type, { filter: { ...filter } })).data.map(({ title }) => title).join()
  for (const filter of [{ query: 'one' }, { genre: 'crime' }, { words: 'red' }, { parent: section }]) {
    assert.equal(await titles(1, 'tome', filter), 'One', JSON.stringify(filter))
    assert.equal(await titles(2, 'tome', filter), '', `${JSON.stringify(filter)} of what lies in a shut section`)
  }
  assert.equal(await titles(1, 'objects', { object_type: 'rack' }), 'S')
  assert.equal(await titles(1, 'tome', { next: one }), 'Two')
  await as(1).update('rack', section, { readers: { users: [2] } })
  assert.deepEqual([await titles(1, 'tome', {}), await titles(2, 'tome', {})], ['Two', 'One,Two'])
  const inside = { title: 'inside', place: 'right', readers: { users: [2] }, parents: [section] }
  const moved = await as(2).create('rack', inside)
  await as(2).update('tome', two, { parents: [moved.id] })
  assert.equal(await titles(1, 'tome', {}), '', 'sections that move are judged by the new name')
  await assert.rejects(as(1).create('rack', { title: 'again', place: 'left' }), { code: 'CONFLICT' })
  assert.deepEqual(await applyFiles(house.store, { types: now, files }), [])
})

test('what `postern dev` made of the new name gives way while nothing is in it, and else the file is refused whole', async () => {
  const { house, one } = await filled()
  await using _house = house
  await house.store.migrate([schemaOf([...before, ...now])])
  const site = { types: now, files: [] }
  const state = await readState(house.store.read, site)
  const answers = {
    drop: new Set<string>(),
    rename: new Map([
      ['shelf', 'rack'],
      ['book', 'tome'],
    ]),
  }
  const { begin: first, plan } = planFile(state, site, answers)
  assert.deepEqual(first?.steps.map((step) => step.type).toSorted(), ['book', 'shelf'])
  assert.deepEqual(plan, { steps: rename, kept: [] })
  const files = migrationFiles(first?.steps ?? [], plan.steps)
  const used = createContentRoom({ types: [...before, ...now], read: house.store.read, write: house.store.write })
  const { id } = await contentFor(used, { caller: user(1) }).create('tome', { title: 'too early' })
  await assert.rejects(applyFiles(house.store, { types: now, files }), {
    code: 'MIGRATION_MISFIT',
    message: /There are objects of tome already\. Nothing was changed\./,
  })
  assert.deepEqual(await house.store.read.first({ from: 'type_shelf', select: ['place'] }), { place: 'left' })
  await house.store.write.run({ delete: 'objects', where: { column: 'id', is: 'eq', value: id } })
  await applyFiles(house.store, { types: now, files })
  const as = await opened(house, now)
  assert.equal((await as(1).read('tome', one))?.['genre'], 'crime')
})

test('a file that renames what is not there says so; fields are renamed with their type, by its new name', async () => {
  const { house } = await filled()
  await using _house = house
  assert.throws(
    () => migrationFiles(begin, [{ do: 'rename type', type: 'boook', to: 'tome' }]),
    /there is neither a type boook nor tome/,
  )
  const files = migrationFiles(begin, rename)
  await applyFiles(house.store, { types: now, files: files.slice(0, 1) })
  const types = [defineType({ name: 'tome', fields: { kind: field.text({ index: true }), words: field.tags() } })]
  const names = {
    drop: new Set(['shelf']),
    rename: new Map([
      ['book', 'tome'],
      ['tome.genre', 'kind'],
    ]),
  }
  const site = { types, files: files.slice(0, 1) }
  const { plan } = planFile(await readState(house.store.read, site), site, names)
  assert.deepEqual(plan.steps, [
    rename[1],
    { do: 'rename field', type: 'tome', field: 'genre', to: 'kind' },
    { do: 'drop type', type: 'shelf', loses: true },
  ])
})
