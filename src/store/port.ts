import type { Awaitable } from '../errors/awaitable.ts'
import type { Dialect } from './dialect.ts'
import type { Given, Predicate } from './predicate.ts'
import type { Schema } from './table.ts'

/**
 * A database. Reading and writing are apart: a reader may live in any thread, while all that is written goes through one
 * writer. Every plan is plain data; equal shapes share one compiled statement, and values are always bound.
 */
export interface Store extends AsyncDisposable {
  readonly dialect: 'sqlite' | 'postgres'
  readonly read: Reader
  readonly write: Writer
  /** Makes tables known, so that their columns are encoded and decoded; changes nothing in the database. */
  readonly declare: (...schemas: readonly Schema[]) => void
  /** Declares, and brings the database up to the schemas: see `migrate.ts`. */
  readonly migrate: (schemas: readonly Schema[], options?: MigrateOptions) => Promise<MigrationReport>
  /**
   * One transaction in which the shape of the database is changed too, behind the lock that all writers and migrations
   * take: of many nodes one works, and the others then see what it left. A work that throws leaves nothing.
   */
  readonly reshape: <Result>(work: (bench: Workbench) => Promise<Result>) => Promise<Result>
  readonly close: () => Promise<void>
}

export interface Workbench extends Pick<Transaction, 'rows' | 'run'> {
  readonly dialect: Dialect
  /** SQL of the store's own, as `ddl.ts` writes it. */
  readonly exec: (sql: string) => Promise<void>
  readonly hasTable: (name: string) => Promise<boolean>
  readonly declare: Store['declare']
}

/** A database in the same process has its rows at hand, and refuses by throwing; one on a server is waited for. */
export interface Reader {
  readonly rows: (plan: SelectPlan) => Awaitable<Row[]>
  readonly first: (plan: SelectPlan) => Awaitable<Row | undefined>
  /** How many rows the plan has, counting no further than `limit`. Its own columns, order and limit play no part. */
  readonly count: (plan: SelectPlan, limit?: number) => Awaitable<number>
}

export interface Writer {
  /** One change, durable when the promise resolves. */
  readonly run: (plan: ChangePlan) => Promise<Changed>
  /**
   * All or nothing, durable when the promise resolves. The work may wait for its transaction alone: whatever else it
   * waits for holds up every other writer, and it is rolled back after five seconds. A work that throws leaves nothing.
   */
  readonly transaction: <Result>(work: (transaction: Transaction) => Awaitable<Result>) => Promise<Result>
}

/** Sees its own changes. After a change that failed, nothing more is accepted. */
export interface Transaction extends Reader {
  readonly run: (plan: ChangePlan) => Awaitable<Changed>
}

/** Values by column name: text, integers up to 2^53, numbers, booleans, null, bytes; for `json` columns any plain data. */
export type Row = Record<string, unknown>

export interface Changed {
  /** Rows inserted, updated or deleted. */
  readonly count: number
  /** What `returning` asked for. */
  readonly rows: Row[]
}

/** Columns are written `alias.column`, or bare where only one table takes part. */
export interface SelectPlan {
  readonly from: string
  readonly as?: string
  readonly joins?: readonly Join[]
  readonly select: readonly Selected[]
  readonly where?: Predicate
  /**
   * Only rows of which one of these holds too; of no row may two hold. Each is looked for by itself, by its own index and no
   * further than the limit, where no one index could give all of them in their order. What the order names is selected.
   */
  readonly each?: readonly Predicate[]
  readonly order?: readonly Order[]
  readonly limit?: number
  readonly offset?: number
  readonly distinct?: boolean
  readonly groupBy?: readonly string[]
  /** At most so many rows for each value of the column: those that come first in the order. */
  readonly perGroup?: { readonly column: string; readonly limit: number }
  /** Holds the rows against other writers until the transaction ends. Inside a transaction only. */
  readonly lock?: boolean
}

/** A column under its own name; a column, an aggregate or, as 1 or 0, whether a predicate holds, under a given one. */
export type Selected =
  | string
  | ({ readonly as: string } & Given)
  | { readonly test: Predicate; readonly as: string }
  | { readonly aggregate: 'count' | 'max' | 'min'; readonly column?: string; readonly as: string }

export interface Join {
  readonly table: string
  readonly as: string
  readonly on: Predicate
  /** Keeps rows without a counterpart. */
  readonly optional?: boolean
}

/** Absent values count as the smallest, on every database. Also by the name given to a test. */
export interface Order extends Given {
  readonly descending?: boolean
}

export type ChangePlan = InsertPlan | UpdatePlan | DeletePlan

export interface InsertPlan {
  readonly insert: string
  /** All rows name the same columns. */
  readonly values: Row | readonly Row[]
  /** What to do where `columns` (a unique index) are already taken: nothing, or write these columns of the new row. */
  readonly onConflict?: { readonly columns: readonly string[]; readonly update: readonly string[] }
  readonly returning?: readonly string[]
}

export interface UpdatePlan {
  readonly update: string
  readonly set?: Row
  /** Adds to what is stored. */
  readonly add?: Readonly<Record<string, number>>
  readonly where: Predicate
  readonly returning?: readonly string[]
}

export interface DeletePlan {
  readonly delete: string
  readonly where: Predicate
  readonly returning?: readonly string[]
}

export type Plan = SelectPlan | ChangePlan

export interface MigrateOptions {
  /** Texts of the steps that lose something and may be taken all the same, as `MigrationReport.withheld` shows them. */
  readonly allow?: readonly string[]
  /** Works out the steps without taking them. */
  readonly dryRun?: boolean
}

export interface MigrationReport {
  readonly taken: readonly string[]
  /** Steps that would lose something: not taken until allowed. */
  readonly withheld: readonly string[]
}
