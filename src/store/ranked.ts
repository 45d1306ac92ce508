import type { RawBuilder } from 'kysely'
import type { Dialect } from './dialect.ts'
import { sql } from './kysely.ts'
import type { Order, SelectPlan, Selected } from './port.ts'
import type { Matches, Predicate, WordColumn } from './predicate.ts'
import { withoutMatch, wordLead } from './word-lead.ts'

type Sql = RawBuilder<unknown>

/**
 * A list of what words find, sorted first by whether one column of the index has them all and then by the ids, is two
 * lists, one behind the other, each in the order in which SQLite's index of words gives its rows. So a page ends where it is
 * full, and what is best among very many is not put in order for it (bench: growth). Undefined for every other plan.
 */
export function ranked(plan: SelectPlan, dialect: Dialect): readonly SelectPlan[] | undefined {
  const { where, as = plan.from } = plan
  const by = `${as}.id`
  const rank = dialect.name === 'sqlite' ? rankOf(plan, by) : undefined
  if (rank === undefined || where === undefined) return undefined
  const { found, rest } = withoutMatch(where, by)
  if (found === undefined || found.in !== undefined) return undefined
  const parts = [true, false].flatMap((isBest): SelectPlan[] => {
    const also = settled(rest, by, isBest)
    const match: Match = { column: by, matches: { ...found, in: { ...rank.column, outside: !isBest } } }
    const select = plan.select.map((item): Selected => (item === rank.test ? { test: isBest, as: rank.as } : item))
    return also === false ? [] : [{ ...plan, select, where: { all: [match, also] }, order: rank.order }]
  })
  const isLed = parts.length > 0 && parts.every((part) => wordLead(part, dialect) !== undefined)
  return isLed ? parts : undefined
}

interface Rank {
  readonly test: Selected
  readonly as: string
  readonly column: WordColumn
  /** What is left of the order. */
  readonly order: readonly Order[]
}

function rankOf({ order = [], select }: SelectPlan, by: string): Rank | undefined {
  const [first, second] = order
  if (first?.descending !== true || order.length !== 2 || second?.column !== by) return undefined
  const test = select.find((item) => typeof item === 'object' && item.as === first.column)
  const column = columnOf(test, by)
  return test === undefined || column === undefined ? undefined : { test, as: first.column, column, order: [second] }
}

function columnOf(item: Selected | undefined, by: string): WordColumn | undefined {
  if (typeof item !== 'object' || !('test' in item)) return undefined
  return isMatchInColumn(item.test, by) ? item.test.matches.in : undefined
}

/** Each of the parts reads as much as the page may need, and SQLite does not begin the second where the first fills it. */
export function rankedSql(plan: SelectPlan, parts: readonly SelectPlan[], selectOf: (plan: SelectPlan) => Sql): Sql {
  const { limit, offset } = plan
  const most =
    limit === undefined ? sql`` : offset === undefined ? sql` limit ${limit} + 0` : sql` limit ${limit} + ${offset}`
  const each = parts.map((part) => {
    const { limit: _limit, offset: _offset, ...whole } = part
    return sql`select * from (${selectOf(whole)}${most})`
  })
  const page =
    limit === undefined ? sql`` : sql` limit ${limit} + 0${offset === undefined ? sql`` : sql` offset ${offset}`}`
  return sql`${sql.join(each, sql` union all `)}${page}`
}

type Match = Extract<Predicate, { readonly matches: Matches }>

/** There is one column that a plan asks for by itself, and one text that is looked for there. */
function isMatchInColumn(predicate: Predicate, by: string): predicate is Match {
  if (typeof predicate !== 'object' || !('matches' in predicate)) return false
  return predicate.column === by && predicate.matches.in !== undefined
}

/** What is left to ask where it is known whether the words are in the column. */
function settled(predicate: Predicate, by: string, isBest: boolean): Predicate {
  if (typeof predicate === 'boolean') return predicate
  if (isMatchInColumn(predicate, by)) return isBest
  if ('not' in predicate) {
    const part = settled(predicate.not, by, isBest)
    return typeof part === 'boolean' ? !part : { not: part }
  }
  if (!('all' in predicate) && !('any' in predicate)) return predicate
  const isAll = 'all' in predicate
  const parts = (isAll ? predicate.all : predicate.any).map((part) => settled(part, by, isBest))
  if (parts.includes(!isAll)) return !isAll
  const open = parts.filter((part) => typeof part !== 'boolean')
  if (open.length === 0) return isAll
  return isAll ? { all: open } : { any: open }
}
