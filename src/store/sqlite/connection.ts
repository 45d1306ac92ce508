import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Compiled } from '../compile.ts'
import { countPlan } from '../compile.ts'
import { idColumn } from '../next-id-sql.ts'
import type { Changed, InsertPlan, Plan, Reader, Row, SelectPlan } from '../port.ts'
import { bound, decoded, keepWithin, type Statements } from '../statements.ts'
import { CountMemory } from './count-memory.ts'
import { translated } from './errors.ts'

/** One open file with its prepared statements. Everything here is synchronous: SQLite answers faster than a hop costs. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #prepared = new Map<Compiled, StatementSync>()
  readonly #plain = new Map<string, StatementSync>()
  #version: StatementSync | undefined

  constructor(file: string, statements: Statements, options: { readonly readOnly: boolean }) {
    this.#database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: busyTimeout })
    this.#statements = statements
    this.#database.exec('pragma foreign_keys = on; pragma cache_size = -16384')
    // What lies beyond the map is read call by call, at three times the price of a page (bench: growth); 2 GB is SQLite's most.
    // A writer gains nothing by a mapped file, and an import would have all that it wrote counted as its memory.
    if (options.readOnly) this.#database.exec('pragma mmap_size = 2147418112')
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  isWordIndex(table: string): boolean {
    return this.#statements.tables.get(table)?.search !== undefined
  }

  /** SQL of the store's own: schema changes, transaction words, pragmas. Never with anything from outside in it. */
  exec(text: string): void {
    this.#database.exec(text)
  }

  /** The one value that a pragma answers with. */
  ask(text: string): unknown {
    return Object.values(this.#database.prepare(text).get() ?? {})[0]
  }

  /** A transaction word, prepared once. */
  say(text: string): void {
    const known = this.#plain.get(text)
    if (known !== undefined) {
      known.run()
      return
    }
    const statement = this.#database.prepare(text)
    this.#plain.set(text, statement)
    statement.run()
  }

  /** Another number after each commit of another connection. */
  version(): number {
    this.#version ??= this.#database.prepare('pragma data_version')
    return Number(this.#version.get()?.['data_version'])
  }

  rows(plan: Plan): Row[] {
    return this.run(plan).rows
  }

  /** The first row; without an order nothing is read beyond it, and no limit need be bound (bench: read one). */
  first(asked: SelectPlan): Row | undefined {
    const plan = asked.order === undefined ? asked : { ...asked, limit: 1 }
    const values: unknown[] = []
    return this.#first(this.#statements.of(plan, values), values)
  }

  /** What a plan counts; a memory may know it. */
  count(plan: SelectPlan, memory?: CountMemory): number {
    const values: unknown[] = []
    const compiled = this.#statements.of(plan, values)
    const count = (): number => Number(this.#first(compiled, values)?.['n'] ?? 0)
    return memory === undefined ? count() : memory.total(compiled, values, count)
  }

  #first(compiled: Compiled, values: readonly unknown[]): Row | undefined {
    const statement = this.#statement(compiled)
    const input = bound(compiled, values, encode)
    try {
      const row = statement.get(...input)
      return row === undefined ? undefined : decoded(compiled, arrayOf(row))
    } catch (thrown) {
      throw translated(thrown)
    }
  }

  run(plan: Plan): Changed {
    const values: unknown[] = []
    const compiled = this.#statements.of(plan, values)
    const statement = this.#statement(compiled)
    const input = bound(compiled, values, encode)
    try {
      if (compiled.columns.length > 0) {
        const rows = arraysOf(statement.all(...input)).map((row) => decoded(compiled, row))
        if (rows.length === 0 && 'insert' in plan) this.#takeBackId(plan)
        return { count: rows.length, rows }
      }
      const count = Number(statement.run(...input).changes)
      if (count === 0 && 'insert' in plan) this.#takeBackId(plan)
      return { count, rows: [] }
    } catch (thrown) {
      throw translated(thrown)
    }
  }

  /** A row that was there already needs no id; SQLite has drawn one for it, which the next row shall have. */
  #takeBackId({ insert, values }: InsertPlan): void {
    if (idColumn(this.#statements.tables.get(insert)) !== undefined)
      this.say(`update sqlite_sequence set seq = seq - ${[values].flat().length} where name = '${insert}'`)
  }

  close(): void {
    this.#prepared.clear()
    this.#plain.clear()
    this.#version = undefined
    if (this.#database.isOpen) this.#database.close()
  }

  #statement(compiled: Compiled): StatementSync {
    const known = this.#prepared.get(compiled)
    if (known !== undefined) return known
    const statement = this.#database.prepare(compiled.sql, { returnArrays: true })
    keepWithin(this.#prepared, mostPrepared)
    this.#prepared.set(compiled, statement)
    return statement
  }
}

/** Of a connection that writes nothing itself: what it has counted holds until another one commits. */
export function readerOf(connection: Connection): Reader {
  const memory = new CountMemory(() => connection.version())
  return {
    rows: (plan) => connection.rows(plan),
    first: (plan) => connection.first(plan),
    count: (plan, limit) => connection.count(countPlan(plan, limit), memory),
  }
}

function arrayOf(row: unknown): readonly unknown[] {
  return row as readonly unknown[]
}

/** With `returnArrays` the driver yields rows as arrays, which its types do not say. */
function arraysOf(rows: readonly unknown[]): readonly (readonly unknown[])[] {
  return rows as readonly (readonly unknown[])[]
}

function encode(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'number':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'undefined':
      return null
    default:
      if (value === null || value instanceof Uint8Array) return value
      throw new TypeError(`Cannot be stored: a value of type ${typeof value}`)
  }
}

const busyTimeout = 50
const mostPrepared = 500
