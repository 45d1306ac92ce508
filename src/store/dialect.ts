import type { Kysely } from 'kysely'
import type { ColumnType } from './table.ts'

/** What differs between databases in how SQL is written; what it means does not differ. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** Kysely without a connection: it writes SQL and quotes names, no more. */
  readonly writer: Kysely<Record<string, never>>
  readonly types: Readonly<Record<ColumnType, string>>
}
