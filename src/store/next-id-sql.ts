import type { RawBuilder } from 'kysely'
import { sql } from './kysely.ts'
import type { Dialect } from './dialect.ts'
import { rowsOf } from './insert-rows.ts'
import type { InsertPlan } from './port.ts'
import type { Table } from './table.ts'

/** The column whose values the database gives. */
export function idColumn(table: Table | undefined): string | undefined {
  const columns = table?.columns ?? {}
  for (const name in columns) if (columns[name]?.type === 'id') return name
  return undefined
}

/**
 * SQLite gives the number behind the greatest there ever was, and has it back when the row is not written after all. A
 * sequence of PostgreSQL keeps what it gave: after a refusal the ids of one database would no longer be those of the other.
 * So they are reckoned there, which writers that take turns may do; the sequence remembers how far ids had come before
 * rows were deleted (`Session.run`). Undefined: the database does it, or the ids are given.
 */
export function reckonedId(plan: InsertPlan, dialect: Dialect, table: Table | undefined): string | undefined {
  if (dialect.name !== 'postgres') return undefined
  const id = idColumn(table)
  const [first] = rowsOf(plan)
  return id === undefined || first === undefined || id in first ? undefined : id
}

/** The id of the row at this place among those that are inserted at once. */
export function nextIdSql(table: string, id: string, index: number): RawBuilder<unknown> {
  const kept = sql.raw(`pg_sequence_last_value(pg_get_serial_sequence('${table}', '${id}')::regclass)`)
  return sql`(select greatest(max(${sql.id(id)}), ${kept}, 0) + ${sql.raw(String(index + 1))} from ${sql.table(table)})`
}
