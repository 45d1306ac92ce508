import type { RawBuilder } from 'kysely'
import { sql } from './kysely.ts'
import { must } from '../errors/must.ts'
import type { Dialect } from './dialect.ts'
import { rowsOf } from './insert-rows.ts'
import type { InsertPlan } from './port.ts'
import type { Matches } from './predicate.ts'
import type { Table } from './table.ts'

/*
 * Full text, alike on every database: rooms give plain words (lower-case letters a to z and digits, apart by spaces), so
 * nothing of what a database thinks of languages, accents or signs plays a part.
 */

type Sql = RawBuilder<unknown>

export function createSearchSql(table: Table, dialect: Dialect): readonly Sql[] {
  const columns = table.search ?? []
  if (dialect.name === 'sqlite') {
    const options = sql.raw(`tokenize='ascii', content='', contentless_delete=1, detail='column'`)
    return [
      sql`create virtual table ${sql.table(table.name)} using fts5(${sql.join(columns.map((name) => sql.id(name)))}, ${options})`,
    ]
  }
  return [
    sql`create table ${sql.table(table.name)} (rowid bigint primary key, words tsvector not null)`,
    sql`create index ${sql.id(`${table.name}__words`)} on ${sql.table(table.name)} using gin (words) with (fastupdate = off)`,
  ]
}

/** Writes the words of an object, in place of those it had. */
export function searchInsertSql(plan: InsertPlan, table: Table, dialect: Dialect): Sql {
  const row = must(rowsOf(plan)[0], 'an insert holds a row')
  const columns = table.search ?? []
  const into = sql.table(table.name)
  if (dialect.name === 'sqlite') {
    const names = ['rowid', ...columns]
    return sql`insert or replace into ${into} (${sql.join(names.map((name) => sql.id(name)))}) values (${sql.join(names.map((name) => row[name]))})`
  }
  const words = columns.map(
    (name, index) => sql`setweight(to_tsvector('simple', ${row[name]}), ${sql.raw(`'${weights[index] ?? 'D'}'`)})`,
  )
  return sql`insert into ${into} (rowid, words) values (${row['rowid']}, ${sql.join(words, sql` || `)}) on conflict (rowid) do update set words = excluded.words`
}

/** Rows whose words hold all that are asked for; with `in`, within that column. */
export function matchesSql(column: Sql, matches: Matches, dialect: Dialect): Sql {
  const table = sql.table(matches.index)
  return sql`${column} in (select rowid from ${table} where ${heldSql(table, matches, dialect)})`
}

/** The same of the rows of the index itself, which `table` names. */
export function heldSql(table: Sql, { words, in: column }: Matches, dialect: Dialect): Sql {
  if (dialect.name === 'sqlite') {
    if (column === undefined) return sql`${table} match ${words}`
    const inside = sql`${sql.raw(`'${column.name} : ('`)} || ${words} || ')'`
    return column.outside === true
      ? sql`${table} match '(' || ${words} || ') NOT (' || ${inside} || ')'`
      : sql`${table} match ${inside}`
  }
  const held = sql`words @@ ${words}::tsquery`
  if (column === undefined) return held
  // The index knows words, not where they stand: it finds the candidates, and the second question decides.
  const there = sql`ts_filter(words, ${sql.raw(`'{${(weights[column.index] ?? 'D').toLowerCase()}}'`)}) @@ ${words}::tsquery`
  return column.outside === true ? sql`${held} and not (${there})` : sql`${held} and ${there}`
}

/** Plain words, of which one may end in `*`, and alternatives of these, in the database's own query language. */
export function matchText(words: string, dialect: Dialect): string {
  const parts = words.split('|').map((part) => together(part, dialect))
  if (parts.length === 1) return parts.join('')
  return parts.map((part) => `(${part})`).join(dialect.name === 'sqlite' ? ' OR ' : ' | ')
}

function together(words: string, dialect: Dialect): string {
  const list = words.split(' ').filter((word) => plainWord.test(word))
  if (dialect.name === 'sqlite') return list.join(' AND ')
  return list.map((word) => (word.endsWith('*') ? `${word.slice(0, -1)}:*` : word)).join(' & ')
}

const plainWord = /^[a-z0-9]+\*?$/
const weights = ['A', 'B', 'C', 'D']
