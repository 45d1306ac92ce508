import { PosternError } from '../errors/postern-error.ts'
import { addColumn, createIndex, createTable, dropColumn, dropIndex, dropTable } from './ddl.ts'
import type { Dialect } from './dialect.ts'
import type { KeptTable } from './keeping.ts'
import type { MigrateOptions, MigrationReport } from './port.ts'
import type { Step } from './step.ts'
import { indexName, type Column, type Schema, type Table } from './table.ts'

/**
 * The steps from what is kept to what is wanted. A column or table that is no longer wanted is only dropped where that
 * was allowed by the step's own text; until then it stays and is remembered.
 */
export function planSteps(kept: readonly KeptTable[], wanted: readonly Schema[], dialect: Dialect): Step[] {
  const before = new Map(kept.map((entry) => [entry.table.name, entry]))
  const tables = wanted.flatMap((schema) => schema.tables.map((table) => ({ room: schema.room, table })))
  const names = new Set(tables.map(({ table }) => table.name))
  const rooms = new Set(wanted.map((schema) => schema.room))
  const made = tables.flatMap(({ room, table }) => tableSteps(before.get(table.name), { room, table }, dialect))
  const gone = kept.filter((entry) => rooms.has(entry.room) && !names.has(entry.table.name))
  return [...made, ...gone.map((entry) => dropTable(entry.table, dialect))]
}

export function sortSteps(steps: readonly Step[], options: MigrateOptions): { taken: Step[]; report: MigrationReport } {
  const allowed = new Set(options.allow ?? [])
  const taken = steps.filter((step) => !step.loses || allowed.has(step.text))
  const withheld = steps.filter((step) => !taken.includes(step))
  return { taken, report: { taken: taken.map((step) => step.text), withheld: withheld.map((step) => step.text) } }
}

/** What to remember once the steps are taken: the wanted tables, with the columns as they are that were withheld from changing. */
export function keptAfter(
  kept: readonly KeptTable[],
  wanted: readonly Schema[],
  withheld: readonly string[],
): KeptTable[] {
  const before = new Map(kept.map((entry) => [entry.table.name, entry.table]))
  return wanted.flatMap((schema) =>
    schema.tables.map((table) => {
      const old = Object.entries(before.get(table.name)?.columns ?? {})
      const staying = old.filter(([name, column]) => withheld.includes(losingText(table, { name, column })))
      return { room: schema.room, table: { ...table, columns: { ...table.columns, ...Object.fromEntries(staying) } } }
    }),
  )
}

/** The step that would lose what an old column holds, as it is now wanted or not. */
function losingText(table: Table, old: { readonly name: string; readonly column: Column }): string {
  const wanted = table.columns[old.name]
  if (wanted === undefined) return dropText(table, old.name)
  return `empty column ${table.name}.${old.name} and change it from ${old.column.type} to ${wanted.type}`
}

function dropText(table: Table, column: string): string {
  return `drop column ${table.name}.${column}`
}

function tableSteps(before: KeptTable | undefined, after: KeptTable, dialect: Dialect): Step[] {
  const { table } = after
  if (before === undefined) return [createTable(table, dialect)]
  if (before.room !== after.room) {
    throw new PosternError(
      'BAD_SITE',
      `The table ${table.name} belongs to ${before.room}; ${after.room} cannot have one of that name`,
    )
  }
  const columns = Object.entries(table.columns).flatMap(([name, column]) =>
    columnSteps(before.table, { table, name, column }, dialect),
  )
  const gone = Object.keys(before.table.columns).filter((name) => !(name in table.columns))
  const dropped = gone.map((name) => dropColumn({ table, name, text: dropText(table, name) }, dialect))
  return [
    ...oldIndexes(before.table, table, dialect),
    ...columns,
    ...dropped,
    ...newIndexes(before.table, table, dialect),
  ]
}

interface NamedColumn {
  readonly table: Table
  readonly name: string
  readonly column: Column
}

function columnSteps(before: Table, { table, name, column }: NamedColumn, dialect: Dialect): Step[] {
  const old = before.columns[name]
  if (old === undefined) return [addColumn(table, name, dialect)]
  if (old.type === column.type) return []
  const text = losingText(table, { name, column: old })
  const drop = dropColumn({ table, name, text }, dialect)
  return [{ text, sql: [...drop.sql, ...addColumn(table, name, dialect).sql], loses: true }]
}

export function newIndexes(before: Table, after: Table, dialect: Dialect): Step[] {
  const known = new Set((before.indexes ?? []).map((index) => indexName(before.name, index)))
  const added = (after.indexes ?? []).filter((index) => !known.has(indexName(after.name, index)))
  return added.map((index) => createIndex(after, index, dialect))
}

export function oldIndexes(before: Table, after: Table, dialect: Dialect): Step[] {
  const wanted = new Set((after.indexes ?? []).map((index) => indexName(after.name, index)))
  const gone = (before.indexes ?? []).filter((index) => !wanted.has(indexName(before.name, index)))
  return gone.map((index) => dropIndex(before, index, dialect))
}
