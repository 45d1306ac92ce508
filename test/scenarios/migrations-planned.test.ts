/** What a file is to say, by what the types, the files and the database say. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defineType } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import { schemaOf } from '../../src/content/room.ts'
import { applyFiles } from '../../src/migrations/apply.ts'
import { noAnswers } from '../../src/migrations/plan.ts'
import { planFile, readState } from '../../src/migrations/state.ts'
import { contentHouse } from '../fixtures/content-house.ts'
import { migrationFiles } from '../fixtures/migration-files.ts'

const before = defineType({ name: 'book', fields: { pages: field.text(), code: field.text() } })
const now = defineType({ name: 'book', fields: { pages: field.integer(), code: field.text() } })
const text = { kind: 'text' } as const
const begin = { do: 'add type', type: 'book', fields: { pages: text, code: text } } as const
const change = { do: 'change field', type: 'book', field: 'pages', from: text, to: { kind: 'integer' } } as const

describe('a plan', () => {
  test('while developing, what cannot follow by itself is withheld every time until a file does it', async () => {
    await using house = await contentHouse([before])
    await house.system.create('book', { title: 'One', pages: '300' })
    for (let time = 0; time < 2; time++) {
      const { withheld } = await house.store.migrate([schemaOf([now])])
      assert.deepEqual(withheld, ['empty column type_book.pages and change it from text to integer'])
    }
    const site = { types: [now], files: [] }
    const { begin: first, plan } = planFile(await readState(house.store.read, site), site, noAnswers)
    assert.deepEqual(first?.steps, [begin])
    assert.deepEqual(plan, { steps: [change], kept: [] })
    await applyFiles(house.store, { types: [now], files: migrationFiles([begin], [change]) })
    assert.deepEqual(await house.store.read.rows({ from: 'type_book', select: ['pages'] }), [{ pages: 300 }])
    assert.deepEqual((await house.store.migrate([schemaOf([now])])).withheld, [])
  })

  test('of a database that ran ahead is what the files lack, and of one that was tampered with what it lacks', async () => {
    await using house = await contentHouse([before])
    const files = migrationFiles([begin])
    await applyFiles(house.store, { types: [before], files })
    const more = defineType({ name: 'book', fields: { ...before.fields, place: field.text() } })
    await house.store.migrate([schemaOf([more])])
    const ahead = { types: [more], files }
    const { plan } = planFile(await readState(house.store.read, ahead), ahead, noAnswers)
    assert.deepEqual(plan.steps, [{ do: 'add field', type: 'book', field: 'place', as: text }])

    const lean = defineType({ name: 'book', fields: { pages: field.text() } })
    const allow = ['drop column type_book.code', 'drop column type_book.place']
    await house.store.migrate([schemaOf([lean])], { allow })
    const lacking = { types: [before], files }
    const mending = planFile(await readState(house.store.read, lacking), lacking, noAnswers).plan
    assert.deepEqual(mending.steps, [begin])
    await applyFiles(house.store, { types: [before], files: migrationFiles([begin], mending.steps) })
    assert.deepEqual(await house.store.read.rows({ from: 'type_book', select: ['code'] }), [])
  })

  test('of no database and no file is everything, and of a default what objects are filled with', async () => {
    await using house = await contentHouse([])
    const fields = { place: field.text({ required: true, default: 'shelf' }) }
    const site = { types: [defineType({ name: 'book', fields })], files: [] }
    const state = await readState(house.store.read, site)
    const add = { do: 'add type', type: 'book', fields: { place: { kind: 'text', required: true } } } as const
    assert.deepEqual(planFile(state, site, noAnswers), { plan: { steps: [add], kept: [] } })
    const later = { ...site, files: migrationFiles([{ ...add, fields: {} }]) }
    assert.deepEqual(planFile(state, later, noAnswers).plan.steps, [
      { do: 'add field', type: 'book', field: 'place', as: add.fields.place, fill: 'shelf' },
    ])
  })
})
