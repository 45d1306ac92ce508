/** What a field asks of the rows that are there: to hold something, and to hold it alone. */
import { createIndex, dropIndex } from '../store/ddl.ts'
import { newIndexes } from '../store/migrate.ts'
import type { Row } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Index, Table } from '../store/table.ts'
import { idOf, Offenders, pagesOf } from './rows.ts'
import { exec, misfit, type Work } from './work.ts'
import type { StepOf } from './step.ts'

type Filled = Work<StepOf<'add field' | 'change field'>>

export async function fillEmpty(work: Filled, step: Filled['step']): Promise<void> {
  const { bench, after } = work
  const { field, fill } = step
  if (fill === undefined) return
  await refuseStrange(work, step)
  await bench.run({ update: after.name, set: { [field]: fill }, where: { column: field, is: 'eq', value: null } })
}

/** Where objects are to refer to one that there is not. */
async function refuseStrange({ bench, at }: Filled, step: Filled['step']): Promise<void> {
  const { kind } = step.do === 'add field' ? step.as : step.to
  if (kind !== 'reference') return
  const where = { column: 'id', is: 'eq', value: Number(step.fill) } as const
  const found = await bench.rows({ from: 'objects', select: ['id'], where, limit: 1 })
  if (found.length > 0) return
  throw misfit(at, `${step.type}.${step.field} is to refer to object ${String(step.fill)}, which there is not.`)
}

/** Where the field is required, and objects hold nothing. */
export async function refuseEmpty({ bench, after, step, at }: Filled): Promise<void> {
  const { type, field } = step
  const where: Predicate = { column: field, is: 'eq', value: null }
  const empty = new Offenders()
  for await (const page of pagesOf(bench, { table: after.name, columns: [], where })) {
    for (const row of page) empty.add(idOf(row))
  }
  if (empty.count === 0) return
  throw misfit(
    at,
    `${type}.${field} is required, and ${empty.text()} of ${type} hold nothing in it.`,
    `Say in the step what they are to hold, such as "fill": "unknown"; or leave "required" away, in the type too.`,
  )
}

/** Makes the indexes that `before` lacks; for a unique one, looks first whether any value is held twice. */
export async function indexNew(work: Work, before: Table): Promise<void> {
  const { bench, after } = work
  const known = new Set((before.indexes ?? []).map(keyOf))
  for (const index of after.indexes ?? []) {
    if (index.unique === true && !known.has(keyOf(index))) await refuseTwice(work, index)
  }
  await exec(bench, ...newIndexes(before, after, bench.dialect))
}

export function withoutField(table: Table, field: string): Table {
  const { [field]: _gone, ...columns } = table.columns
  return { ...table, columns, indexes: (table.indexes ?? []).filter((index) => !index.columns.includes(field)) }
}

/** Those of `before` that are still there, once the ones are gone that `after` lacks. */
export function sharedIndexes(before: Table, after: Table): readonly Index[] {
  const wanted = new Set((after.indexes ?? []).map(keyOf))
  return (before.indexes ?? []).filter((index) => wanted.has(keyOf(index)))
}

async function refuseTwice({ bench, after, step, at }: Work, { columns }: Index): Promise<void> {
  const field = columns[0] ?? ''
  const held = { columns: [field, 'id'] }
  const isThere = (after.indexes ?? []).some((one) => keyOf(one) === keyOf(held))
  if (!isThere) await exec(bench, createIndex(after, held, bench.dialect))
  const same: Predicate = {
    all: [
      { column: 'b.id', is: 'lt', other: 'a.id' },
      { column: `b.${field}`, is: 'eq', other: `a.${field}` },
    ],
  }
  const where: Predicate = { exists: { from: after.name, as: 'b', where: same } }
  const rows = await bench.rows({ from: after.name, as: 'a', select: ['a.id', `a.${field}`], where, limit: mostSeen })
  if (!isThere) await exec(bench, dropIndex(after, held, bench.dialect))
  if (rows.length === 0) return
  const twice = new Offenders()
  for (const row of rows) twice.add(idOf(row))
  const values = [...new Set(rows.slice(0, 3).map((row: Row) => JSON.stringify(row[field])))].join(', ')
  throw misfit(
    at,
    `${step.type}.${field} is to be unique, and ${twice.text()} hold a value that another one holds already: ${values}.`,
    'Give each of them a value of its own first, or leave "unique" away, in the type too.',
  )
}

function keyOf({ columns, unique }: Index): string {
  return `${columns.join(',')} ${unique === true}`
}

const mostSeen = 1_000
