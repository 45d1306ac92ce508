/** What files of `migrations/` do to a database that has something in it, and what they refuse to do. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { defineType, type TypeData } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { schemaOf } from '../../src/content/room.ts'
import { PosternError } from '../../src/errors/postern-error.ts'
import { applyFiles } from '../../src/migrations/apply.ts'
import { planSteps } from '../../src/migrations/plan.ts'
import type { MigrationFile } from '../../src/migrations/read-files.ts'
import { readState, uncovered } from '../../src/migrations/state.ts'
import type { TypeStep } from '../../src/migrations/step.ts'
import type { Row } from '../../src/store/port.ts'
import { contentHouse, type ContentHouse } from '../fixtures/content-house.ts'
import { migrationFiles } from '../fixtures/migration-files.ts'

const book = defineType({
  name: 'book',
  fields: {
    genre: field.text({ localized: true }),
    pages: field.text(),
    code: field.text(),
    words: field.tags(),
  },
})
const begin: TypeStep = {
  do: 'add type',
  type: 'book',
  fields: { genre: { kind: 'text' }, pages: { kind: 'text' }, code: { kind: 'text' }, words: { kind: 'tags' } },
}
const text = { kind: 'text' } as const

let house: ContentHouse
const ids: number[] = []

async function fill(): Promise<void> {
  ids.length = 0
  const rows = [
    { genre: 'crime', pages: '300', code: 'a', words: ['red', 'blue'], translations: { it: { genre: 'giallo' } } },
    { genre: 'essay', pages: ' 12', code: 'b', words: ['red'] },
    { genre: null, pages: 'many', code: 'b', words: null },
  ]
  for (const [index, row] of rows.entries()) {
    const made = await house.system.create('book', { title: `Book ${index}`, ...row })
    ids.push(Number(made['id']))
  }
}

async function rows(...columns: string[]): Promise<Row[]> {
  return house.store.read.rows({ from: 'type_book', select: columns, order: [{ column: 'id' }] })
}

function apply(files: readonly MigrationFile[], types: readonly TypeData[] = [book]) {
  return applyFiles(house.store, { types, files })
}

/** That it is refused, in these words, and that nothing of it is there afterwards. */
async function refused(files: readonly MigrationFile[], code: string, message: RegExp): Promise<PosternError> {
  const before = await everything()
  const thrown = await apply(files).then(
    () => assert.fail('it was applied'),
    (reason: unknown) => reason,
  )
  assert.ok(thrown instanceof PosternError, String(thrown))
  assert.equal(thrown.code, code, thrown.message)
  assert.match(thrown.message, message)
  const state = await readState(house.store.read, { types: [book], files })
  assert.deepEqual(uncovered({ ...state, pending: [] }, [book]).steps, [])
  assert.deepEqual(await everything(), before)
  return thrown
}

async function everything(): Promise<unknown> {
  const texts = await house.store.read.rows({ from: 'translations', select: ['fields'] })
  return [await rows('genre', 'pages', 'code', 'words'), texts]
}

describe('a database that is given files', () => {
  beforeEach(async () => {
    house = await contentHouse([book])
    await fill()
  })
  afterEach(() => house[Symbol.asyncDispose]())

  test('a file of what is there already is passed over, and only once', async () => {
    const files = migrationFiles([begin])
    const [done] = await apply(files)
    assert.deepEqual(done?.steps, [])
    assert.deepEqual(await apply(files), [])
    assert.equal((await rows('id')).length, 3)
  })

  test('a renamed field takes its values, lists and translations along; a dropped one takes them away', async () => {
    const files = migrationFiles(
      [begin],
      [
        { do: 'rename field', type: 'book', field: 'genre', to: 'kind' },
        { do: 'rename field', type: 'book', field: 'words', to: 'labels' },
        { do: 'drop field', type: 'book', field: 'code', loses: true },
      ],
    )
    const now = defineType({ name: 'book', fields: { kind: field.text(), labels: field.tags() } })
    const [, done] = await apply(files, [now])
    assert.deepEqual(done?.steps, [
      'rename book.genre to kind, with its values',
      'rename book.words to labels, with its values',
      'drop book.code and every value in it',
    ])
    assert.deepEqual(await rows('kind', 'labels'), [
      { kind: 'crime', labels: ['red', 'blue'] },
      { kind: 'essay', labels: ['red'] },
      { kind: null, labels: null },
    ])
    const lists = await house.store.read.rows({
      from: 'list_entries',
      select: ['field', 'value'],
      order: [{ column: 'value' }],
    })
    const found = lists.map((row) => `${String(row['field'])} ${String(row['value'])}`)
    assert.deepEqual(found, ['labels blue', 'labels red', 'labels red'])
    assert.deepEqual(await house.store.read.rows({ from: 'translations', select: ['fields'] }), [
      { fields: { kind: 'giallo' } },
    ])
    await assert.rejects(rows('code'))
  })

  test('a change of kind keeps every value or touches none, and says how many stand in the way and which', async () => {
    const change = {
      do: 'change field',
      type: 'book',
      field: 'pages',
      from: text,
      to: { kind: 'integer', index: true },
    }
    const files = migrationFiles([begin], [{ do: 'drop field', type: 'book', field: 'code', loses: true }, change])
    const thrown = await refused(
      files,
      'MIGRATION_MISFIT',
      new RegExp(`1 object \\(id ${ids[2]}\\).*book\\.pages.*whole number.*Nothing was changed`),
    )
    assert.deepEqual(thrown.at?.file, 'migrations/2026-01-01T0001-step.json')
    await house.store.write.run({
      update: 'type_book',
      set: { pages: '7' },
      where: { column: 'id', is: 'eq', value: ids[2] ?? 0 },
    })
    await apply(files)
    assert.deepEqual(await rows('pages'), [{ pages: 300 }, { pages: 12 }, { pages: 7 }])
    const back = migrationFiles(
      [begin],
      [{ do: 'drop field', type: 'book', field: 'code', loses: true }, change],
      [{ ...change, from: change.to, to: text }],
    )
    await apply(back)
    assert.deepEqual(await rows('pages'), [{ pages: '300' }, { pages: '12' }, { pages: '7' }])
  })

  test('required without a value for what is there is refused; with one it is filled in', async () => {
    const add = { do: 'add field', type: 'book', field: 'place', as: { kind: 'text', required: true } }
    const thrown = await refused(
      migrationFiles([begin], [add]),
      'MIGRATION_MISFIT',
      /book\.place is required, and 3 objects \(ids \d+, \d+, \d+\)/,
    )
    assert.match(thrown.hint, /"fill"/)
    const demand = {
      do: 'change field',
      type: 'book',
      field: 'genre',
      from: text,
      to: { kind: 'text', required: true },
    }
    await refused(migrationFiles([begin], [demand]), 'MIGRATION_MISFIT', /book\.genre is required, and 1 object /)
    await apply(
      migrationFiles(
        [begin],
        [
          { ...add, fill: 'shelf' },
          { ...demand, fill: 'other' },
        ],
      ),
    )
    assert.deepEqual(await rows('place', 'genre'), [
      { place: 'shelf', genre: 'crime' },
      { place: 'shelf', genre: 'essay' },
      { place: 'shelf', genre: 'other' },
    ])
  })

  test('unique is refused where a value is held twice, and holds afterwards where it is not', async () => {
    const unique = { do: 'change field', type: 'book', field: 'code', from: text, to: { kind: 'text', unique: true } }
    const files = migrationFiles([begin], [unique])
    await refused(
      files,
      'MIGRATION_MISFIT',
      new RegExp(`book\\.code is to be unique, and 1 object \\(id ${ids[2]}\\).*"b"`),
    )
    await house.store.write.run({
      update: 'type_book',
      set: { code: 'c' },
      where: { column: 'id', is: 'eq', value: ids[2] ?? 0 },
    })
    await apply(files)
    await assert.rejects(house.system.create('book', { title: 'Twice', code: 'c' }), /taken|CONFLICT/i)
  })

  test('a dropped type goes with its objects, and with nothing else', async () => {
    await apply(migrationFiles([begin], [{ do: 'drop type', type: 'book', loses: true }]), [])
    assert.deepEqual(await house.store.read.rows({ from: 'objects', select: ['id'] }), [])
    assert.deepEqual(await house.store.read.rows({ from: 'list_entries', select: ['field'] }), [])
    await assert.rejects(rows('id'))
  })

  test('where both names are there, as after postern dev, values go where there are none, and never over others', async () => {
    const both = defineType({ name: 'book', fields: { ...book.fields, kind: field.text() } })
    await apply(migrationFiles([begin, { do: 'add field', type: 'book', field: 'kind', as: text }]), [both])
    await house.store.write.run({
      update: 'type_book',
      set: { kind: 'own' },
      where: { column: 'id', is: 'eq', value: ids[2] ?? 0 },
    })
    const steps = [
      [begin, { do: 'add field', type: 'book', field: 'kind', as: text }],
      [{ do: 'rename field', type: 'book', field: 'genre', to: 'kind' }],
    ]
    await house.store.write.run({
      update: 'type_book',
      set: { kind: 'other' },
      where: { column: 'id', is: 'eq', value: ids[0] ?? 0 },
    })
    await assert.rejects(
      apply(migrationFiles(...steps)),
      new RegExp(`1 object \\(id ${ids[0]}\\) hold one value in book\\.genre and another in kind`),
    )
    await house.store.write.run({
      update: 'type_book',
      set: { kind: null },
      where: { column: 'id', is: 'eq', value: ids[0] ?? 0 },
    })
    await apply(migrationFiles(...steps))
    assert.deepEqual(await rows('kind'), [{ kind: 'crime' }, { kind: 'essay' }, { kind: 'own' }])
  })

  test('what does not fit is refused before any step of any file', async () => {
    const place = { do: 'add field', type: 'book', field: 'place', as: text }
    const code = { do: 'change field', type: 'book', field: 'code', from: text, to: { kind: 'slug' } }
    await apply(migrationFiles([begin]))
    const { code: _code, ...others } = book.fields
    const lean = defineType({ name: 'book', fields: others })
    await house.store.migrate([schemaOf([lean])], { allow: ['drop column type_book.code'] })
    await assert.rejects(apply(migrationFiles([begin], [place], [code]), [lean]), {
      code: 'MIGRATION_MISFIT',
      message: /there is no field book\.code\. Nothing was changed/,
    })
    await assert.rejects(rows('place'), 'the file before it was not applied either')
  })

  test('an edited file, and one that is gone, stop everything', async () => {
    const add = { do: 'add field', type: 'book', field: 'place', as: text }
    await apply(migrationFiles([begin], [add]))
    const later = { do: 'drop field', type: 'book', field: 'genre', loses: true }
    const edited = migrationFiles([begin], [{ ...add, fill: 'x' }], [later])
    await assert.rejects(apply(edited), { code: 'MIGRATION_CHANGED', message: /2026-01-01T0001-step\.json/ })
    await assert.rejects(apply(migrationFiles([begin])), {
      code: 'DATABASE_NEWER',
      message: /2026-01-01T0001-step\.json/,
    })
    assert.equal((await rows('genre')).length, 3, 'the later file was not applied')
  })

  test('many at once apply once', async () => {
    const files = migrationFiles([begin], [{ do: 'add field', type: 'book', field: 'place', as: text, fill: 'x' }])
    const done = await Promise.all(Array.from({ length: 6 }, () => apply(files)))
    assert.deepEqual(
      done
        .flat()
        .map(({ name }) => name)
        .toSorted(),
      files.map(({ name }) => name),
    )
    const recorded = await house.store.read.rows({ from: 'postern_migrations', select: ['name'] })
    assert.equal(recorded.length, 2)
  })
})

describe('an empty database', () => {
  test('is given everything that the types name, and no file is left to apply', async () => {
    await using empty = await contentHouse([])
    const now = defineType({ name: 'book', fields: { kind: field.integer({ unique: true }) } })
    const files = migrationFiles([begin], [{ do: 'drop type', type: 'book', loses: true }])
    assert.deepEqual(await applyFiles(empty.store, { types: [now], files }), [])
    const state = await readState(empty.store.read, { types: [now], files })
    assert.deepEqual(state.pending, [])
    assert.deepEqual(planSteps(state.shapes, [now]), { steps: [], kept: [] })
  })
})
