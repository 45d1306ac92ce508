import type { RawBuilder } from 'kysely'
import { existsSql } from './compile-predicate.ts'
import type { Dialect } from './dialect.ts'
import { must } from '../errors/must.ts'
import { sql } from './kysely.ts'
import type { SelectPlan } from './port.ts'
import type { Predicate } from './predicate.ts'
import type { Table } from './table.ts'

type Sql = RawBuilder<unknown>

export function isBoundedCount(plan: SelectPlan): boolean {
  return plan.limit !== undefined && isCount(plan)
}

export function isCount(plan: SelectPlan): boolean {
  const [only] = plan.select
  return plan.groupBy === undefined && typeof only === 'object' && 'aggregate' in only && only.aggregate === 'count'
}

export interface Counting {
  readonly dialect: Dialect
  readonly tables: ReadonlyMap<string, Table>
  /** Writes where a plan's rows come from. */
  readonly rowsOf: (plan: SelectPlan) => Sql
}

/** Counts no further than the plan's limit. */
export function countSql(plan: SelectPlan, counting: Counting): Sql {
  if (counting.dialect.name !== 'sqlite') return handedOn(plan, counting)
  const seldom = seldomOf(plan)
  if (seldom === undefined) return counted(plan, counting)
  const [full, bare] = [seldom.full, seldom.bare].map((one) => counted(one, counting))
  const isAny = existsSql(seldom.whenAny, counting.dialect)
  return sql`select case when ${isAny} then (${full}) else (${bare}) end as ${sql.id('n')}`
}

/**
 * SQLite takes rows that it only passes over or only counts for a third of what rows cost that it hands from one query to
 * the next (bench: list): so it is first asked whether there are as many as the limit, and counts where there are fewer.
 */
function counted(plan: SelectPlan, counting: Counting): Sql {
  if (!isOfOneIndex(plan, counting.tables)) return handedOn(plan, counting)
  const rows = counting.rowsOf(plan)
  const { limit } = plan
  return sql`select coalesce((select ${limit} ${rows} limit 1 offset ${limit} - 1), (select count(*) ${rows})) as ${sql.id('n')}`
}

function handedOn(plan: SelectPlan, { dialect, rowsOf }: Counting): Sql {
  const limit = limitSql(must(plan.limit, 'the count is bounded'), dialect)
  return sql`select count(*) as ${sql.id('n')} from (select 1 as one ${rowsOf(plan)}${limit}) as counted`
}

/**
 * SQLite's planner looks at the value bound to a bare LIMIT, so that every new execution would prepare the statement
 * anew, for 19 µs (bench: read one). It does not look into an expression.
 */
export function limitSql(limit: number, dialect: Dialect): Sql {
  return dialect.name === 'sqlite' ? sql` limit ${limit} + 0` : sql` limit ${limit}`
}

/** Whether an index has the rows and all that they are asked for, so that to go through them twice is little. */
function isOfOneIndex({ from, as = from, joins = [], where = true }: SelectPlan, tables: Counting['tables']): boolean {
  const asked = columnsOf(where)
  if (joins.length > 0 || asked === undefined) return false
  const names = asked.map((name) => name.replace(`${as}.`, ''))
  if (names.length === 0) return true
  return (tables.get(from)?.indexes ?? []).some(
    ({ columns }) => names.includes(columns[0] ?? '') && names.every((name) => name === 'id' || columns.includes(name)),
  )
}

/** The columns that are compared with values; undefined where more is asked. */
function columnsOf(predicate: Predicate): string[] | undefined {
  if (typeof predicate === 'boolean') return []
  if ('all' in predicate) return whole(predicate.all.map(columnsOf))
  if ('any' in predicate) return whole(predicate.any.map(columnsOf))
  const isPlain = 'column' in predicate && ('value' in predicate || 'in' in predicate) && predicate.given === undefined
  return isPlain && predicate.unindexed !== true ? [predicate.column] : undefined
}

function whole(lists: readonly (string[] | undefined)[]): string[] | undefined {
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? [])
}

interface Seldom {
  readonly whenAny: Extract<Predicate, { readonly whenAny: object }>['whenAny']
  /** The plan where there is something to ask every row for, and where there is not. */
  readonly full: SelectPlan
  readonly bare: SelectPlan
}

function seldomOf(plan: SelectPlan): Seldom | undefined {
  if (typeof plan.where !== 'object' || !('all' in plan.where)) return undefined
  const { all } = plan.where
  for (const [index, part] of all.entries()) {
    if (typeof part !== 'object' || !('whenAny' in part)) continue
    const full = { ...plan, where: { all: all.with(index, part.must) } }
    return { whenAny: part.whenAny, full, bare: { ...plan, where: { all: all.toSpliced(index, 1) } } }
  }
  return undefined
}
