import type { RawBuilder } from 'kysely'
import { sql } from './kysely.ts'
import type { Comparison } from '../schema/condition.ts'
import type { Dialect } from './dialect.ts'
import { matchesSql } from './search-sql.ts'
import type { Exists, Given, Predicate, Within } from './predicate.ts'

type Sql = RawBuilder<unknown>

/** A predicate whose values are slots, as SQL. */
export function predicateSql(predicate: Predicate, dialect: Dialect): Sql {
  if (typeof predicate === 'boolean') return predicate ? sql`1 = 1` : sql`1 = 0`
  if ('all' in predicate) return joined(predicate.all, { by: sql` and `, none: true }, dialect)
  if ('any' in predicate) return joined(predicate.any, { by: sql` or `, none: false }, dialect)
  if ('not' in predicate) return sql`not (${predicateSql(predicate.not, dialect)})`
  if ('exists' in predicate) return existsSql(predicate.exists, dialect)
  if ('whenAny' in predicate)
    return sql`(not ${existsSql(predicate.whenAny, dialect)} or ${predicateSql(predicate.must, dialect)})`
  const column = givenSql(predicate, dialect)
  return columnSql(isUnindexed(predicate, dialect) ? sql`+${column}` : column, predicate, dialect)
}

export function existsSql(exists: Exists, dialect: Dialect): Sql {
  return sql`exists (select 1 ${subselect(exists, dialect)})`
}

/** Where it cannot be said whether `given` holds, the case is not taken: the column is absent there too. */
export function givenSql({ column, given }: Given, dialect: Dialect): Sql {
  if (given === undefined) return sql.ref(column)
  return sql`case when ${predicateSql(given, dialect)} then ${sql.ref(column)} end`
}

/** PostgreSQL knows how its rows are spread, and needs no word. */
function isUnindexed(predicate: object, dialect: Dialect): boolean {
  return dialect.name === 'sqlite' && 'unindexed' in predicate && predicate.unindexed === true
}

function columnSql(column: Sql, predicate: Extract<Predicate, { readonly column: string }>, dialect: Dialect): Sql {
  if ('in' in predicate) return predicate.in.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(predicate.in)})`
  if ('like' in predicate)
    return sql`${column} ${dialect.name === 'postgres' ? sql`ilike` : sql`like`} ${predicate.like} escape '\\'`
  if ('among' in predicate)
    return sql`${column} in (select ${sql.ref(predicate.among.select)} ${subselect(predicate.among, dialect)})`
  if ('matches' in predicate) return matchesSql(column, predicate.matches, dialect)
  if ('within' in predicate) return withinSql(column, predicate.within, dialect)
  if ('other' in predicate) return compared(column, predicate.is, sql.ref(predicate.other))
  if (predicate.value === null) return absent(column, predicate.is)
  return compared(column, predicate.is, sql.val(predicate.value))
}

function joined(parts: readonly Predicate[], { by, none }: { by: Sql; none: boolean }, dialect: Dialect): Sql {
  if (parts.length === 0) return predicateSql(none, dialect)
  return sql`(${sql.join(
    parts.map((part) => predicateSql(part, dialect)),
    by,
  )})`
}

function subselect(sub: Exists, dialect: Dialect): Sql {
  return sql`from ${sql.table(sub.from)} as ${sql.id(sub.as)} where ${predicateSql(sub.where, dialect)}`
}

function compared(left: Sql, is: Comparison, right: Sql): Sql {
  return sql`${left} ${operators[is]} ${right}`
}

/** Nothing is smaller or greater than an absent value. */
function absent(column: Sql, is: Comparison): Sql {
  if (is === 'eq') return sql`${column} is null`
  if (is === 'ne') return sql`${column} is not null`
  return sql`1 = 0`
}

/**
 * PostgreSQL has no notion of how far a walk leads, and would rather look through a whole table than begin with it: so the
 * walk is gone first, and what it found is then looked for.
 */
function withinSql(column: Sql, { edges, from, to, start, own }: Within, dialect: Dialect): Sql {
  const [table, before, next] = [sql.table(edges), sql.id('e', from), sql.id('e', to)]
  const begin =
    own === undefined
      ? sql`select ${next} from ${table} as e where ${amongStarts(before, start)}`
      : sql`select ${sql.id('s', own.column)} from ${sql.table(own.table)} as s where ${amongStarts(sql.id('s', own.column), start)}`
  const walk = sql`with recursive walk(id) as (${begin} union select ${next} from ${table} as e join walk on ${before} = walk.id) select id from walk`
  return dialect.name === 'postgres' ? sql`${column} = any(array(${walk}))` : sql`${column} in (${walk})`
}

function amongStarts(column: Sql, start: readonly number[]): Sql {
  return start.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(start)})`
}

const operators: Record<Comparison, Sql> = {
  eq: sql`=`,
  ne: sql`is distinct from`,
  lt: sql`<`,
  lte: sql`<=`,
  gt: sql`>`,
  gte: sql`>=`,
}
