import type { RawBuilder } from 'kysely'
import type { Dialect } from './dialect.ts'
import { sql } from './kysely.ts'
import type { SelectPlan } from './port.ts'
import type { Matches, Predicate } from './predicate.ts'
import { heldSql } from './search-sql.ts'

/** The index of words that a plan's rows are read by, in the order of their ids, and what then still has to hold. */
export interface WordLead {
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  readonly rest: Predicate
  /** Stands for the ids in the order. */
  readonly id: RawBuilder<unknown>
}

/**
 * SQLite gives what an index of words finds in the order of the ids, one by one; asked for as a set, it would gather all of
 * it first. So a list in that order, or a count that stops, begins at the index and ends where it has enough: a word that is
 * in every text costs no more than a rare one (bench: growth). PostgreSQL's index knows no order.
 */
export function wordLead(plan: SelectPlan, dialect: Dialect): WordLead | undefined {
  if (plan.where === undefined) return undefined
  const own = ofIndexItself(plan, plan.where, dialect)
  if (own !== undefined) return own
  const by = `${plan.as ?? plan.from}.id`
  if (dialect.name !== 'sqlite' || !isInOrder(plan, by)) return undefined
  const { found, rest } = withoutMatch(plan.where, by)
  if (found === undefined || !isLoose(rest, by)) return undefined
  const id = sql.id(lead, 'rowid')
  return {
    from: sql`${sql.table(found.index)} as ${sql.id(lead)} cross join `,
    where: sql`${heldSql(sql.id(lead, found.index), found, dialect)} and ${sql.ref(by)} = ${id} and `,
    rest: byLead(rest, by),
    id,
  }
}

/** A plan of the rows of an index of words: there is nothing to join, on any database. */
function ofIndexItself(plan: SelectPlan, where: Predicate, dialect: Dialect): WordLead | undefined {
  const { from, as = from } = plan
  const { found, rest } = withoutMatch(where, `${as}.rowid`)
  if (found === undefined || found.index !== from) return undefined
  const table = dialect.name === 'sqlite' ? sql.id(as, from) : sql.id(as)
  const id = sql.id(as, 'rowid')
  return { from: sql``, where: sql`${heldSql(table, found, dialect)} and `, rest, id }
}

function isInOrder({ order = [], groupBy, perGroup, distinct }: SelectPlan, by: string): boolean {
  if (groupBy !== undefined || perGroup !== undefined || distinct === true) return false
  return order.length === 0 || (order.length === 1 && order[0]?.column === by && order[0].given === undefined)
}

/** Takes the first match that every row must have out of a predicate. */
export function withoutMatch(predicate: Predicate, by: string): { found?: Matches; rest: Predicate } {
  if (typeof predicate === 'boolean') return { rest: predicate }
  if ('matches' in predicate && predicate.column === by) return { found: predicate.matches, rest: true }
  if (!('all' in predicate)) return { rest: predicate }
  for (const [index, part] of predicate.all.entries()) {
    const { found, rest } = withoutMatch(part, by)
    if (found !== undefined) return { found, rest: { all: predicate.all.with(index, rest) } }
  }
  return { rest: predicate }
}

/** Ids are compared as the index has them, so that it is entered where a page begins and not walked from its start. */
function byLead(predicate: Predicate, by: string): Predicate {
  if (typeof predicate === 'boolean') return predicate
  if ('all' in predicate) return { all: predicate.all.map((part) => byLead(part, by)) }
  if ('any' in predicate) return { any: predicate.any.map((part) => byLead(part, by)) }
  const isOfId = 'column' in predicate && predicate.column === by && ('value' in predicate || 'in' in predicate)
  return isOfId ? { ...predicate, column: `${lead}.rowid` } : predicate
}

/** Whether nothing else would lead to fewer rows by an index of its own. */
function isLoose(predicate: Predicate, by: string): boolean {
  if (typeof predicate === 'boolean') return predicate
  if ('all' in predicate) return predicate.all.every((part) => isLoose(part, by))
  if ('any' in predicate) return predicate.any.every((part) => isLoose(part, by))
  if (!('column' in predicate)) return false
  return 'like' in predicate || predicate.column === by || ('unindexed' in predicate && predicate.unindexed === true)
}

const lead = '@found'
