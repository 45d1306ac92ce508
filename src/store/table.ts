import { createHash } from 'node:crypto'

/** The tables of one room, as plain data. Names are lower-case words joined by `_`. */
export interface Schema {
  /** Who owns them; a table belongs to one schema. */
  readonly room: string
  readonly tables: readonly Table[]
}

export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, Column>>
  /** Where no column is of type `id`. */
  readonly primaryKey?: readonly string[]
  readonly indexes?: readonly Index[]
  /** An index of words instead of a table: its columns, the weightiest first. Its rows have a `rowid` and nothing can be read from them. */
  readonly search?: readonly string[]
}

/**
 * `id`: a whole number the database gives, never twice. `text` compares by its bytes. Times are text, ISO 8601 in UTC with
 * milliseconds, which sorts as it should and reads the same everywhere. `json` is kept as it was written.
 */
export type ColumnType = 'id' | 'integer' | 'number' | 'text' | 'boolean' | 'json' | 'bytes'

export interface Column {
  readonly type: ColumnType
  readonly nullable?: boolean
  readonly default?: string | number | boolean
  readonly references?: Reference
  /** What its owner wants remembered of it; the store keeps it with the table and asks nothing of it. */
  readonly note?: Readonly<Record<string, unknown>>
}

export interface Reference {
  readonly table: string
  readonly column: string
  readonly onDelete: 'cascade' | 'set null' | 'restrict'
}

export interface Index {
  readonly columns: readonly string[]
  readonly unique?: boolean
}

/**
 * `table__column_column`; from it a violated index is named alike on every database. What is longer than PostgreSQL keeps
 * ends in a digest of the whole instead.
 */
export function indexName(table: string, index: Index): string {
  const name = `${table}__${index.columns.join('_')}${index.unique === true ? '_key' : ''}`
  if (name.length <= longestName) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return `${name.slice(0, longestName - digest.length - 1)}_${digest}`
}

const longestName = 63
const identifier = /^[a-z][a-z0-9_]{0,50}$/

/** Refuses names that could be read as anything else than a name. */
export function assertNames(table: Table): void {
  for (const name of [table.name, ...Object.keys(table.columns)]) {
    if (!identifier.test(name)) throw new TypeError(`Not a name for a table or column: ${JSON.stringify(name)}`)
  }
}
