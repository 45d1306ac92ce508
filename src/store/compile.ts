import type { RawBuilder } from 'kysely'
import { sql } from './kysely.ts'
import { must } from '../errors/must.ts'
import { columnOf } from './column-of.ts'
import { countEachSql, eachSql, isOfEach } from './compile-each.ts'
import { countSql, isBoundedCount, isCount, limitSql } from './compile-count.ts'
import { orderSql } from './compile-order.ts'
import { givenSql, predicateSql } from './compile-predicate.ts'
import type { Dialect } from './dialect.ts'
import { rowsOf } from './insert-rows.ts'
import { nextIdSql, reckonedId } from './next-id-sql.ts'
import type { ChangePlan, InsertPlan, Join, Plan, SelectPlan, Selected, UpdatePlan } from './port.ts'
import { ranked, rankedSql } from './ranked.ts'
import { searchInsertSql } from './search-sql.ts'
import { Slot, withSlots } from './shape.ts'
import type { ColumnType, Table } from './table.ts'
import { wordLead, type WordLead } from './word-lead.ts'

/** A plan's shape in one dialect's SQL, ready to be bound and decoded over and over. */
export interface Compiled {
  readonly dialect: Dialect
  readonly sql: string
  /** For each placeholder, the position of its value in the plan, and how it is written. */
  readonly bind: readonly { readonly from: number; readonly as: 'value' | 'json' | 'words' }[]
  /** The columns that come out, in order, with their types where they are known. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType | undefined }[]
}

export type Tables = ReadonlyMap<string, Table>

type Sql = RawBuilder<unknown>

export function compile(plan: Plan, dialect: Dialect, tables: Tables): Compiled {
  const slots = withSlots(plan)
  const isSelect = 'from' in slots
  const written = isSelect ? selectSql(slots, dialect, tables) : changeSql(slots, dialect, tables)
  const { sql: text, parameters } = written.compile(dialect.writer)
  const json = isSelect ? new Set<number>() : jsonSlots(slots, tables)
  return {
    dialect,
    sql: text,
    bind: parameters.map((parameter) => {
      if (!(parameter instanceof Slot)) throw new TypeError('A value was written into SQL instead of being bound')
      const as = parameter.isWords ? 'words' : json.has(parameter.index) ? 'json' : 'value'
      return { from: parameter.index, as }
    }),
    columns: isSelect
      ? slots.select.map((item) => selectedColumn(item, slots, tables))
      : returnedColumns(slots, tables),
  }
}

/** `select count(*)` over the plan's rows, counting no further than the plan's own limit. */
export function countPlan(plan: SelectPlan, limit?: number): SelectPlan {
  const { order: _order, limit: _limit, offset: _offset, ...rest } = plan
  const counted = { aggregate: 'count', as: 'n' } as const
  return limit === undefined ? { ...rest, select: [counted] } : { ...rest, select: [counted], limit }
}

function selectSql(plan: SelectPlan, dialect: Dialect, tables: Tables): Sql {
  const sourceOf = (part: SelectPlan): Sql => rowsSql(part, wordLead(part, dialect), dialect)
  const selectOf = (part: SelectPlan): Sql => selectSql(part, dialect, tables)
  if (isOfEach(plan))
    return (isCount(plan) ? countEachSql : eachSql)(plan, { dialect, tables, rowsOf: sourceOf, selectOf })
  if (isBoundedCount(plan)) return countSql(plan, { dialect, tables, rowsOf: sourceOf })
  const parts = ranked(plan, dialect)
  if (parts !== undefined) return rankedSql(plan, parts, selectOf)
  const words = wordLead(plan, dialect)
  const rows = rowsSql(plan, words, dialect)
  const limit = plan.limit === undefined ? sql`` : limitSql(plan.limit, dialect)
  const group =
    plan.groupBy === undefined ? sql`` : sql` group by ${sql.join(plan.groupBy.map((name) => sql.ref(name)))}`
  const offset = plan.offset === undefined ? sql`` : sql` offset ${plan.offset}`
  if (plan.perGroup !== undefined)
    return perGroupSql(plan, { source: rows, order: orderSql(plan, dialect, tables) }, dialect)
  const select = sql`select ${plan.distinct === true ? sql`distinct ` : sql``}${sql.join(plan.select.map((item) => selectedSql(item, dialect)))} `
  return sql`${select}${rows}${group}${orderOf(plan, words) ?? orderSql(plan, dialect, tables)}${limit}${offset}${lockSql(plan, dialect)}`
}

function lockSql(plan: SelectPlan, dialect: Dialect): Sql {
  const isHeld = plan.lock === true && dialect.name === 'postgres'
  return isHeld ? sql` for update of ${sql.id(plan.as ?? plan.from)}` : sql``
}

/** From where the rows come, and what they must be like. */
function rowsSql(plan: SelectPlan, words: WordLead | undefined, dialect: Dialect): Sql {
  const from = sql`from ${words?.from ?? sql``}${sql.table(plan.from)} as ${sql.id(plan.as ?? plan.from)}`
  return sql`${from}${joinsSql(plan.joins, dialect)}${whereSql(plan, words, dialect)}`
}

function whereSql(plan: SelectPlan, words: WordLead | undefined, dialect: Dialect): Sql {
  if (words !== undefined) return sql` where ${words.where}${predicateSql(words.rest, dialect)}`
  return plan.where === undefined ? sql`` : sql` where ${predicateSql(plan.where, dialect)}`
}

/** The order in which the index of words gives its rows. */
function orderOf({ order }: SelectPlan, words: WordLead | undefined): Sql | undefined {
  if (words === undefined || order?.[0] === undefined) return undefined
  return sql` order by ${words.id}${order[0].descending === true ? sql` desc` : sql``}`
}

/** Numbers the rows within their group, and takes the first of each. */
function perGroupSql(plan: SelectPlan, { source, order }: { source: Sql; order: Sql }, dialect: Dialect): Sql {
  const { column, limit } = must(plan.perGroup, 'asked for by the caller')
  const group = sql.ref(column)
  const rank = sql`row_number() over (partition by ${group}${order})`
  const inner = sql`select ${sql.join(plan.select.map((item) => selectedSql(item, dialect)))}, ${group} as ${sql.id('@group')}, ${rank} as ${sql.id('@rank')} ${source}`
  const names = plan.select.map((item) => sql.id(typeof item === 'string' ? (item.split('.').at(-1) ?? item) : item.as))
  const byRank = sql`order by ${sql.id('@group')}, ${sql.id('@rank')}`
  return sql`select ${sql.join(names)} from (${inner}) as ranked where ${sql.id('@rank')} <= ${limit} ${byRank}`
}

function joinsSql(joins: readonly Join[] | undefined, dialect: Dialect): Sql {
  const parts = (joins ?? []).map((join) => {
    const kind = join.optional === true ? sql` left join ` : sql` join `
    return sql`${kind}${sql.table(join.table)} as ${sql.id(join.as)} on ${predicateSql(join.on, dialect)}`
  })
  return sql.join(parts, sql``)
}

function selectedSql(item: Selected, dialect: Dialect): Sql {
  if (typeof item === 'string') return sql.ref(item)
  if ('test' in item) return sql`case when ${predicateSql(item.test, dialect)} then 1 else 0 end as ${sql.id(item.as)}`
  if (!('aggregate' in item)) return sql`${givenSql(item, dialect)} as ${sql.id(item.as)}`
  const over = item.column === undefined ? sql`*` : sql.ref(item.column)
  return sql`${sql.raw(item.aggregate)}(${over}) as ${sql.id(item.as)}`
}

function changeSql(plan: ChangePlan, dialect: Dialect, tables: Tables): Sql {
  const index = 'insert' in plan ? tables.get(plan.insert) : undefined
  if ('insert' in plan && index?.search !== undefined) return searchInsertSql(plan, index, dialect)
  const returning =
    plan.returning === undefined ? sql`` : sql` returning ${sql.join(plan.returning.map((name) => sql.id(name)))}`
  if ('insert' in plan) return sql`${insertSql(plan, reckonedId(plan, dialect, index))}${returning}`
  if ('update' in plan)
    return sql`update ${sql.table(plan.update)} set ${setSql(plan)} where ${predicateSql(plan.where, dialect)}${returning}`
  return sql`delete from ${sql.table(plan.delete)} where ${predicateSql(plan.where, dialect)}${returning}`
}

function insertSql(plan: InsertPlan, id: string | undefined): Sql {
  const rows = rowsOf(plan)
  const given = Object.keys(must(rows[0], 'an insert holds at least one row'))
  const names = id === undefined ? given : [id, ...given]
  if (names.length === 0) return sql`insert into ${sql.table(plan.insert)} default values`
  const tuples = rows.map((row, index) => {
    const values = given.map((name) => row[name])
    return sql`(${sql.join(id === undefined ? values : [nextIdSql(plan.insert, id, index), ...values])})`
  })
  const into = sql`insert into ${sql.table(plan.insert)} (${sql.join(names.map((name) => sql.id(name)))}) values ${sql.join(tuples)}`
  if (plan.onConflict === undefined) return into
  const { columns, update } = plan.onConflict
  const target = sql`${into} on conflict (${sql.join(columns.map((name) => sql.id(name)))})`
  if (update.length === 0) return sql`${target} do nothing`
  return sql`${target} do update set ${sql.join(update.map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`))}`
}

function setSql(plan: UpdatePlan): Sql {
  const set = Object.entries(plan.set ?? {}).map(([name, value]) => sql`${sql.id(name)} = ${value}`)
  const add = Object.entries(plan.add ?? {}).map(([name, value]) => sql`${sql.id(name)} = ${sql.id(name)} + ${value}`)
  return sql.join([...set, ...add])
}

/** The slots whose values belong into `json` columns. */
function jsonSlots(plan: ChangePlan, tables: Tables): Set<number> {
  const rows = 'insert' in plan ? rowsOf(plan) : 'update' in plan ? [plan.set ?? {}] : []
  const table = tables.get(targetOf(plan))
  const found = new Set<number>()
  for (const row of rows) {
    for (const [name, slot] of Object.entries(row)) {
      if (table?.columns[name]?.type === 'json' && slot instanceof Slot) found.add(slot.index)
    }
  }
  return found
}

/** The table that a change is of. */
export function targetOf(plan: ChangePlan): string {
  if ('insert' in plan) return plan.insert
  return 'update' in plan ? plan.update : plan.delete
}

function returnedColumns(plan: ChangePlan, tables: Tables): Compiled['columns'] {
  const table = tables.get(targetOf(plan))
  return (plan.returning ?? []).map((name) => ({ name, type: table?.columns[name]?.type }))
}

function selectedColumn(item: Selected, plan: SelectPlan, tables: Tables): Compiled['columns'][number] {
  if (typeof item === 'string') return { name: item.split('.').at(-1) ?? item, type: typeOf(item, plan, tables) }
  if ('test' in item) return { name: item.as, type: 'integer' }
  if (!('aggregate' in item)) return { name: item.as, type: typeOf(item.column, plan, tables) }
  return { name: item.as, type: item.column === undefined ? 'integer' : undefined }
}

function typeOf(column: string, plan: SelectPlan, tables: Tables): ColumnType | undefined {
  return columnOf(column, plan, tables)?.type
}
