import type { RawBuilder } from 'kysely'
import { columnOf, tableOf } from './column-of.ts'
import type { Dialect } from './dialect.ts'
import { givenSql } from './compile-predicate.ts'
import { sql } from './kysely.ts'
import type { Order, SelectPlan } from './port.ts'
import type { Predicate } from './predicate.ts'
import type { Table } from './table.ts'

type Sql = RawBuilder<unknown>
type Tables = ReadonlyMap<string, Table>

/** Absent values come first. PostgreSQL must be told, but only where there can be some: else it would pass by an index. */
export function orderSql(plan: SelectPlan, dialect: Dialect, tables: Tables): Sql {
  const [first] = plan.order ?? []
  if (plan.order === undefined || first === undefined) return sql``
  const isPostgres = dialect.name === 'postgres'
  const led = isPostgres ? [...leadOf(first, plan, tables), ...plan.order] : plan.order
  const parts = led.map(({ descending, ...by }) => {
    const nulls = isPostgres && (by.given !== undefined || mayBeAbsent(by.column, plan, tables))
    if (descending === true) return sql`${givenSql(by, dialect)} desc${nulls ? sql` nulls last` : sql``}`
    return sql`${givenSql(by, dialect)}${nulls ? sql` nulls first` : sql``}`
  })
  return sql` order by ${sql.join(parts)}`
}

/** The same order for rows that were selected already, by the names that they now have. */
export function orderOfNamesSql({ order = [], ...plan }: SelectPlan, dialect: Dialect, tables: Tables): Sql {
  if (order.length === 0) return sql``
  const parts = order.map(({ column, given, descending }) => {
    const nulls = dialect.name === 'postgres' && (given !== undefined || mayBeAbsent(column, plan, tables))
    const name = sql.id(nameOf(column, plan))
    if (descending === true) return sql`${name} desc${nulls ? sql` nulls last` : sql``}`
    return sql`${name}${nulls ? sql` nulls first` : sql``}`
  })
  return sql` order by ${sql.join(parts)}`
}

/** Under which a column, or what was given a name, is selected. */
function nameOf(column: string, { select }: SelectPlan): string {
  const own = column.split('.').at(-1) ?? column
  const named = select.find(
    (one) => typeof one === 'object' && (one.as === column || ('column' in one && one.column === column)),
  )
  return typeof named === 'object' ? named.as : own
}

/**
 * PostgreSQL does not see that a column which must be absent is the same in all rows, and would sort all of them rather than
 * follow an index that has this column before the one that is sorted by. Named first it changes no order and opens the index.
 */
function leadOf(first: Order, plan: SelectPlan, tables: Tables): Order[] {
  // There a row may only be sorted by what is selected.
  if (plan.distinct === true || plan.groupBy !== undefined) return []
  const table = tableOf(first.column, plan, tables)
  const column = first.column.split('.').at(-1) ?? ''
  const alias = first.column.slice(0, -column.length)
  if (first.given !== undefined) return []
  const fixed = new Set(equalColumns(plan.where))
  const lead = absentColumns(plan.where).find(
    (name) => name.startsWith(alias) && opens(name, { alias, column, fixed }, table),
  )
  return lead === undefined ? [] : [{ column: lead, ...(first.descending === true ? { descending: true } : {}) }]
}

/** The columns that every row of the answer lacks. */
function absentColumns(where: Predicate | undefined): string[] {
  if (typeof where !== 'object') return []
  if ('all' in where) return where.all.flatMap(absentColumns)
  return 'value' in where && where.is === 'eq' && where.value === null ? [where.column] : []
}

/** The columns that are one and the same in every row of the answer, by a value. */
function equalColumns(where: Predicate | undefined): string[] {
  if (typeof where !== 'object') return []
  if ('all' in where) return where.all.flatMap(equalColumns)
  return 'value' in where && where.is === 'eq' && where.value !== null ? [where.column] : []
}

interface Sorted {
  readonly alias: string
  readonly column: string
  readonly fixed: ReadonlySet<string>
}

/** Whether some index has this column just before the sorted one, and before both only what is fixed: else all would be sorted by both. */
function opens(lead: string, { alias, column, fixed }: Sorted, table: Table | undefined): boolean {
  return (table?.indexes ?? []).some(({ columns }) => {
    const place = columns.indexOf(lead.slice(alias.length))
    if (place === -1 || columns[place + 1] !== column) return false
    return columns.slice(0, place).every((name) => fixed.has(`${alias}${name}`))
  })
}

function mayBeAbsent(column: string, plan: SelectPlan, tables: Tables): boolean {
  const found = columnOf(column, plan, tables)
  const join = plan.joins?.find((one) => one.as === column.split('.')[0])
  return found === undefined || found.nullable === true || join?.optional === true
}
