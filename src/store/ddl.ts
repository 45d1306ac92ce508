import type { RawBuilder } from 'kysely'
import { sql } from './kysely.ts'
import type { Dialect } from './dialect.ts'
import { createSearchSql } from './search-sql.ts'
import type { Step } from './step.ts'
import { indexName, type Column, type Index, type Table } from './table.ts'

type Sql = RawBuilder<unknown>

export function createTable(table: Table, dialect: Dialect): Step {
  if (table.search !== undefined) {
    const statements = createSearchSql(table, dialect).map((one) => text(one, dialect))
    return { text: `create index of words ${table.name}`, sql: statements, loses: false }
  }
  const columns = Object.entries(table.columns).map(([name, column]) => columnSql(name, column, dialect))
  const keys = table.primaryKey === undefined ? [] : [sql`primary key (${names(table.primaryKey)})`]
  const create = sql`create table ${sql.table(table.name)} (${sql.join([...columns, ...keys])})`
  const indexes = (table.indexes ?? []).flatMap((index) => createIndex(table, index, dialect).sql)
  return { text: `create table ${table.name}`, sql: [text(create, dialect), ...indexes], loses: false }
}

export function dropTable(table: Table, dialect: Dialect): Step {
  return {
    text: `drop table ${table.name}`,
    sql: [text(sql`drop table ${sql.table(table.name)}`, dialect)],
    loses: true,
  }
}

export function addColumn(table: Table, name: string, dialect: Dialect): Step {
  const column = table.columns[name]
  if (column === undefined) throw new TypeError(`No column ${name} in ${table.name}`)
  const add = sql`alter table ${sql.table(table.name)} add column ${columnSql(name, column, dialect)}`
  return { text: `add column ${table.name}.${name} (${column.type})`, sql: [text(add, dialect)], loses: false }
}

export function dropColumn(gone: { table: Table; name: string; text: string }, dialect: Dialect): Step {
  const drop = sql`alter table ${sql.table(gone.table.name)} drop column ${sql.id(gone.name)}`
  return { text: gone.text, sql: [text(drop, dialect)], loses: true }
}

export function renameTable(table: Table, to: string, dialect: Dialect): Step {
  const rename = sql`alter table ${sql.table(table.name)} rename to ${sql.id(to)}`
  return { text: `rename table ${table.name} to ${to}`, sql: [text(rename, dialect)], loses: false }
}

export function renameColumn(table: Table, { from, to }: { from: string; to: string }, dialect: Dialect): Step {
  const rename = sql`alter table ${sql.table(table.name)} rename column ${sql.id(from)} to ${sql.id(to)}`
  return { text: `rename column ${table.name}.${from} to ${to}`, sql: [text(rename, dialect)], loses: false }
}

export function createIndex(table: Table, index: Index, dialect: Dialect): Step {
  const name = indexName(table.name, index)
  const unique = index.unique === true ? sql`unique ` : sql``
  const columns = index.columns.map((column) => {
    const nulls = dialect.name === 'postgres' && table.columns[column]?.nullable === true ? sql` nulls first` : sql``
    return sql`${sql.id(column)}${nulls}`
  })
  const create = sql`create ${unique}index ${sql.id(name)} on ${sql.table(table.name)} (${sql.join(columns)})`
  return { text: `create index ${name}`, sql: [text(create, dialect)], loses: false }
}

export function dropIndex(table: Table, index: Index, dialect: Dialect): Step {
  const name = indexName(table.name, index)
  return { text: `drop index ${name}`, sql: [text(sql`drop index ${sql.id(name)}`, dialect)], loses: false }
}

function columnSql(name: string, column: Column, dialect: Dialect): Sql {
  const parts = [sql`${sql.id(name)} ${sql.raw(dialect.types[column.type])}`]
  if (column.nullable !== true && column.type !== 'id') parts.push(sql` not null`)
  if (column.default !== undefined) parts.push(sql` default ${literal(column.default, dialect)}`)
  if (column.references !== undefined) {
    const { table, column: target, onDelete } = column.references
    parts.push(sql` references ${sql.table(table)} (${sql.id(target)}) on delete ${sql.raw(onDelete)}`)
  }
  return sql.join(parts, sql``)
}

function literal(value: string | number | boolean, dialect: Dialect): Sql {
  return sql.lit(typeof value === 'boolean' && dialect.name === 'sqlite' ? Number(value) : value)
}

function names(list: readonly string[]): Sql {
  return sql.join(list.map((name) => sql.id(name)))
}

function text(statement: Sql, dialect: Dialect): string {
  return statement.compile(dialect.writer).sql
}
