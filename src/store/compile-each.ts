import type { RawBuilder } from 'kysely'
import { orderOfNamesSql } from './compile-order.ts'
import type { Dialect } from './dialect.ts'
import { sql } from './kysely.ts'
import type { SelectPlan } from './port.ts'
import type { Table } from './table.ts'

type Sql = RawBuilder<unknown>

/** A plan that is put together of several. */
export type EachPlan = SelectPlan & { readonly each: NonNullable<SelectPlan['each']> }

export interface Writing {
  readonly dialect: Dialect
  readonly tables: ReadonlyMap<string, Table>
  readonly selectOf: (plan: SelectPlan) => Sql
  readonly rowsOf: (plan: SelectPlan) => Sql
}

export function isOfEach(plan: SelectPlan): plan is EachPlan {
  return plan.each !== undefined
}

/** The first rows of each part, found and put in order by an index of its own, and of these few the first of all. */
export function eachSql(plan: EachPlan, { dialect, tables, selectOf }: Writing): Sql {
  const last = lastSql(plan, dialect)
  const parts = partsOf(plan).map((part, index) => {
    return sql`select * from (${selectOf(part)}${last}) as ${sql.id(`each${index}`)}`
  })
  const limit = plan.limit === undefined ? sql`` : sql` limit ${plan.limit}`
  const offset = plan.offset === undefined ? sql`` : sql` offset ${plan.offset}`
  const order = orderOfNamesSql(plan, dialect, tables)
  return sql`select * from (${sql.join(parts, sql` union all `)}) as ${sql.id('each')}${order}${limit}${offset}`
}

/** The rows of all parts, counted no further than the limit. */
export function countEachSql(plan: EachPlan, { rowsOf }: Writing): Sql {
  const parts = partsOf(plan).map((part) => sql`select 1 as one ${rowsOf(part)}`)
  const limit = plan.limit === undefined ? sql`` : sql` limit ${plan.limit}`
  return sql`select count(*) as ${sql.id('n')} from (${sql.join(parts, sql` union all `)}${limit}) as counted`
}

function partsOf({ each, limit: _limit, offset: _offset, ...plan }: EachPlan): SelectPlan[] {
  return each.map((part) => ({ ...plan, where: { all: [plan.where ?? true, part] } }))
}

/** No page reaches further in one part than it does in all together. */
function lastSql({ limit, offset }: EachPlan, dialect: Dialect): Sql {
  if (limit === undefined) return sql``
  if (dialect.name === 'sqlite') return sql` limit ${limit} + ${offset ?? sql.lit(0)}`
  return offset === undefined ? sql` limit ${limit}` : sql` limit cast(${limit} as bigint) + cast(${offset} as bigint)`
}
