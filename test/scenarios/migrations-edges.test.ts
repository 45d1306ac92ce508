/** What a step of a file names that it should not, and what it names that only looks so. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { defineType } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { applyFiles } from '../../src/migrations/apply.ts'
import { readMigrations, type MigrationFile } from '../../src/migrations/read-files.ts'
import type { Row } from '../../src/store/port.ts'
import { contentHouse, type ContentHouse } from '../fixtures/content-house.ts'
import { migrationFiles } from '../fixtures/migration-files.ts'

const text = { kind: 'text' } as const
const book = defineType({ name: 'book', fields: { pages: field.text(), pages__new: field.text() } })
const begin = { do: 'add type', type: 'book', fields: { pages: text, pages__new: text } }

describe('a step of a file', () => {
  let house: ContentHouse
  let id: number
  before(async () => {
    house = await contentHouse([book])
    id = (await house.system.create('book', { title: 'Book', pages: '300', pages__new: 'kept' })).id
  })
  after(() => house[Symbol.asyncDispose]())
  const apply = (files: readonly MigrationFile[]) => applyFiles(house.store, { types: [book], files })
  const only = async (...select: string[]): Promise<Row | undefined> =>
    house.store.read.first({ from: 'type_book', select })

  test('fills a reference with an object that there is, or is refused with its place', async () => {
    const add = { do: 'add field', type: 'book', field: 'of', as: { kind: 'reference' } }
    await assert.rejects(apply(migrationFiles([begin], [{ ...add, fill: 4_711 }])), {
      code: 'MIGRATION_MISFIT',
      message: /book\.of is to refer to object 4711, which there is not\. Nothing was changed/,
      at: { file: 'migrations/2026-01-01T0001-step.json', line: 1, column: 11 },
    })
    await assert.rejects(only('of'), 'nothing of it is there')
    await apply(migrationFiles([begin], [{ ...add, fill: id }]))
    assert.deepEqual(await only('of'), { of: id })
  })

  test('changes a field beside one that is called as its new column would be', async () => {
    const change = { do: 'change field', type: 'book', field: 'pages', from: text, to: { kind: 'richText' } }
    const of = { do: 'add field', type: 'book', field: 'of', as: { kind: 'reference' }, fill: id }
    await apply(migrationFiles([begin], [of], [change]))
    assert.deepEqual(await only('pages', 'pages__new'), { pages: '300', pages__new: 'kept' })
  })

  test('makes no field that is called as what every object has', () => {
    for (const step of [
      { do: 'add field', type: 'book', field: 'id', as: text },
      { do: 'rename field', type: 'book', field: 'pages', to: 'title' },
      { do: 'add type', type: 'page', fields: { status: text } },
    ])
      assert.throws(() => migrationFiles([begin], [step]), {
        code: 'BAD_SITE',
        message: /what every object has already/,
      })
  })

  test('is looked for in files alone', () => {
    const root = mkdtempSync(join(tmpdir(), 'postern-edges-'))
    mkdirSync(join(root, 'migrations/old.json'), { recursive: true })
    assert.deepEqual(readMigrations(root), [])
    rmSync(root, { recursive: true })
  })
})
