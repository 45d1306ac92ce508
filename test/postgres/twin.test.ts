/** Two databases, one behaviour: whatever is asked of both is answered alike, byte for byte. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { BoundValue } from '../../src/schema/condition.ts'
import type { ChangePlan, Row, SelectPlan, Store } from '../../src/store/port.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import type { Predicate } from '../../src/store/predicate.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import type { Schema } from '../../src/store/table.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

const schema = {
  room: 'twins',
  tables: [
    {
      name: 'twins',
      columns: {
        id: { type: 'id' },
        label: { type: 'text', nullable: true },
        code: { type: 'text', nullable: true },
        whole: { type: 'integer', nullable: true },
        number: { type: 'number', nullable: true },
        flag: { type: 'boolean', nullable: true },
        json: { type: 'json', nullable: true },
      },
      indexes: [{ columns: ['label', 'id'] }, { columns: ['code'], unique: true }],
    },
  ],
} as const satisfies Schema

const nasty = [
  '',
  'a',
  'A',
  'é',
  'e\u0301',
  'É',
  'ß',
  'ss',
  'İ',
  'i',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '--',
  '0',
  '10',
  '9',
  ' ',
  '\t',
  '\u00a0',
  'z',
  'Z',
  '🦆',
  '\uffff',
  '\ufeff',
  '\u202e',
  'null',
  'true',
  '$1',
  '?',
  '字',
  "a'b",
  'a\u0301',
]
const texts = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ maxLength: 4, unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
)
const wholes = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger())
const numbers = fc.oneof(fc.constantFrom(0, 0.5, -1.5, 1e300), fc.double({ noNaN: true, noDefaultInfinity: true }))
const valueOf = { label: texts, whole: wholes, number: numbers, flag: fc.boolean() } satisfies Record<
  string,
  fc.Arbitrary<BoundValue>
>
const column = fc.constantFrom('label', 'whole', 'number', 'flag')
const comparison = fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte')

const leaf: fc.Arbitrary<Predicate> = column.chain((name) =>
  fc.oneof(
    fc.record({ column: fc.constant(name), is: comparison, value: fc.option<BoundValue>(valueOf[name], { freq: 6 }) }),
    fc.record({ column: fc.constant(name), in: fc.array<BoundValue>(valueOf[name], { maxLength: 5 }) }),
    fc.record({
      column: fc.constant('label'),
      like: fc
        .array(fc.constantFrom('%', '_', 'a', 'É', '\\%', '\\\\', '🦆'), { maxLength: 4 })
        .map((parts) => parts.join('')),
    }),
  ),
)
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ not: tie('predicate') }),
    fc.record({ all: fc.array(tie('predicate'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('predicate'), { maxLength: 3 }) }),
  ),
}))
const rows = fc.record({
  label: fc.option(texts),
  whole: fc.option(wholes),
  number: fc.option(numbers),
  flag: fc.option(fc.boolean()),
  json: fc.option(fc.jsonValue()),
})
const selection: fc.Arbitrary<SelectPlan> = fc.record({
  from: fc.constant('twins'),
  select: fc.constant(['id', 'label', 'whole', 'number', 'flag', 'json']),
  where: predicate,
  order: fc.tuple(column, fc.boolean()).map(([name, descending]) => [{ column: name, descending }, { column: 'id' }]),
  limit: fc.integer({ min: 0, max: 20 }),
  offset: fc.integer({ min: 0, max: 5 }),
})
const change: fc.Arbitrary<ChangePlan> = fc.oneof(
  fc.record({ insert: fc.constant('twins'), values: rows, returning: fc.constant(['id', 'json']) }),
  fc.record({
    insert: fc.constant('twins'),
    values: fc.record({ code: texts, label: texts }),
    returning: fc.constant(['code']),
  }),
  fc.record({
    insert: fc.constant('twins'),
    values: fc.record({ code: texts, label: texts }),
    onConflict: fc.constantFrom({ columns: ['code'], update: ['label'] }, { columns: ['code'], update: [] }),
  }),
  fc.record({ update: fc.constant('twins'), set: fc.record({ label: texts, flag: fc.boolean() }), where: predicate }),
  fc.record({ update: fc.constant('twins'), set: fc.record({ code: texts }), where: predicate }),
  fc.record({
    delete: fc.constant('twins'),
    where: fc.record({ all: fc.tuple(predicate, predicate, predicate) }),
    returning: fc.constant(['id']),
  }),
)

describe('SQLite and PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-twin-'))
  let database: TestDatabase
  let stores: Store[] = []
  before(async () => {
    database = await createTestDatabase()
    stores = [openSqlite(join(folder, 'twin.db')), await openPostgres(database.url)]
    for (const store of stores) await store.migrate([schema])
    for (const row of fc.sample(rows, { numRuns: 60, seed: 7 })) {
      for (const store of stores) await store.write.run({ insert: 'twins', values: row })
    }
  })
  after(async () => {
    for (const store of stores) await store.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('answer every question alike', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(selection, async (plan) => {
        const [one, other] = await Promise.all(stores.map((store) => told(async () => store.read.rows(plan))))
        assert.equal(other, one)
        const [count, counted] = await Promise.all(stores.map((store) => told(async () => store.read.count(plan, 10))))
        assert.equal(counted, count)
        if (one !== '[]') found++
      }),
      { numRuns: 400 },
    )
    assert.ok(found > 50, `only ${found} questions had an answer`)
  })

  test('make and refuse every change alike', async () => {
    const all = {
      from: 'twins',
      select: ['id', 'label', 'code', 'whole', 'number', 'flag', 'json'],
      order: [{ column: 'id' }],
    }
    let refused = 0
    await fc.assert(
      fc.asyncProperty(change, async (plan) => {
        const [one, other] = await Promise.all(stores.map((store) => told(() => store.write.run(plan))))
        assert.equal(sorted(other), sorted(one))
        if (one?.startsWith('CONFLICT') === true) refused++
        const [rowsOne, rowsOther] = await Promise.all(stores.map((store) => told(async () => store.read.rows(all))))
        assert.equal(withoutIds(rowsOther), withoutIds(rowsOne))
      }),
      { numRuns: 300 },
    )
    assert.ok(refused > 0, 'no change was refused')
  })
})

/** The answer as bytes would carry it, or the refusal. */
async function told(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work())
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return `${String(thrown.code)} ${thrown.message}`
  }
}

/** A refused insert may use up an id on one database and not on the other. */
function withoutIds(text: string | undefined): string {
  return (text ?? '').replaceAll(/"id":\d+,?/g, '')
}

/** Rows of a change come in no particular order. */
function sorted(text: string | undefined): string {
  if (text === undefined || !text.startsWith('{')) return text ?? ''
  const { count, rows: changed } = JSON.parse(text) as { count: number; rows: Row[] }
  return JSON.stringify([count, changed.map((row) => withoutIds(JSON.stringify(row))).toSorted()])
}
