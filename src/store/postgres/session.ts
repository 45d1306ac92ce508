import type { Client } from 'pg'
import type { Changed, InsertPlan, Plan, Row } from '../port.ts'
import { idColumn } from '../next-id-sql.ts'
import type { Statements } from '../statements.ts'
import { ask, clientConfig, connected, mustLead } from './connection.ts'
import { isLost } from './errors.ts'
import { onLeading } from './servers.ts'

/**
 * The connection that writes. What it is told goes out at once and in order, without waiting for what came before, so a
 * group of changes costs one way to the server and back.
 */
export class Session {
  readonly #client: Client
  readonly #statements: Statements
  #isLost = false

  private constructor(client: Client, statements: Statements) {
    this.#client = client
    this.#statements = statements
    client.on('end', () => {
      this.#isLost = true
    })
    client.on('error', () => {
      this.#isLost = true
    })
  }

  static async open(url: string, statements: Statements): Promise<Session> {
    const client = await onLeading(url, (server) => connected({ ...clientConfig(server), pipeline: true }, settings))
    return new Session(client, statements)
  }

  /** Nothing more can be said here. What was said and not answered may or may not have been done. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** SQL of the store's own: schema changes and transaction words. Resolves to the word the server answers with. */
  async say(text: string): Promise<string> {
    return (await this.#watched(this.#client.query(text))).command
  }

  async run(plan: Plan): Promise<Changed> {
    // What is gone must not be given again: its id is no longer the greatest there is.
    const kept = 'delete' in plan ? this.skipIds(plan.delete) : undefined
    const changed = this.#watched(ask(this.#client, this.#statements, plan))
    if (kept !== undefined) return (await Promise.all([changed, kept]))[0]
    if (!('insert' in plan)) return changed
    const id = idColumn(this.#statements.tables.get(plan.insert))
    if (id === undefined || !isGiven(plan, id)) return changed
    const [result] = await Promise.all([changed, this.skipIds(plan.insert)])
    return result
  }

  /** Opens a transaction and waits for this writer's turn. */
  async begin(): Promise<void> {
    await this.say(begin)
  }

  /** Makes what the store itself needs before its first write, and forgets writers that went without a word. */
  async prepare(): Promise<void> {
    await this.say(`${begin}; ${prepare}; commit`)
  }

  async hasTable(name: string): Promise<boolean> {
    const text = 'select to_regclass($1) is not null as found'
    const { rows } = await this.#watched(this.#client.query<{ found: boolean }>({ text, values: [name] }))
    return rows[0]?.found === true
  }

  /** Ids that were given from outside, or before a restore, must not be given again from inside. */
  async skipIds(table: string, last = 0): Promise<void> {
    const id = idColumn(this.#statements.tables.get(table))
    if (id === undefined) return
    const text = `select setval(s, greatest((select max("${id}") from "${table}"), pg_sequence_last_value(s), $3::bigint, 1), greatest((select max("${id}") from "${table}"), pg_sequence_last_value(s), $3::bigint) > 0) from (select pg_get_serial_sequence($1, $2)::regclass as s) as its`
    await this.#watched(this.#client.query({ text, values: [table, id, last] }))
  }

  /** Rows of an index of words, as they were read from one. */
  async insertWords(table: string, rows: readonly Row[]): Promise<void> {
    const text = `insert into "${table}" (rowid, words) select * from unnest($1::bigint[], $2::tsvector[])`
    const values = [rows.map((row) => row['rowid']), rows.map((row) => row['words'])]
    await this.#watched(this.#client.query({ text, values }))
  }

  async mark(writer: string, serial: number): Promise<void> {
    await this.#watched(this.#client.query({ name: 'postern_mark', text: markText, values: [writer, serial] }))
  }

  /** The last group of this writer that was committed; 0 for none. */
  async lastMark(writer: string): Promise<number> {
    const text = 'select serial from postern_writers where writer = $1'
    const { rows } = await this.#watched(this.#client.query<{ serial: number }>({ text, values: [writer] }))
    return rows[0]?.serial ?? 0
  }

  async close(): Promise<void> {
    this.#isLost = true
    await this.#client.end()
  }

  async #watched<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await answer
    } catch (thrown) {
      this.#isLost ||= isLost(thrown)
      throw thrown
    }
  }
}

function isGiven(plan: InsertPlan, column: string): boolean {
  const first: unknown = Array.isArray(plan.values) ? plan.values[0] : plan.values
  return typeof first === 'object' && first !== null && column in first
}

/** One number for every Postern: the writers of one schema take turns. What is read after it is what the last one left. */
const lock = 'select pg_advisory_xact_lock(1886352242, hashtext(current_schema()))'
/** A server that says of itself that it is for reading alone is taken at its word. */
const begin = `begin isolation level read committed; ${lock}`
const prepare =
  "do $$ begin if to_regclass('postern_writers') is null then create table postern_writers (writer text primary key, serial bigint not null, at timestamptz not null) with (fillfactor = 50); end if; end $$; delete from postern_writers where at < now() - interval '7 days'"
const markText =
  'insert into postern_writers (writer, serial, at) values ($1, $2, now()) on conflict (writer) do update set serial = excluded.serial, at = excluded.at'

/** A write is durable when it is acknowledged, whatever the server's own default is. */
const settings = [
  mustLead,
  'set statement_timeout = 30000',
  'set lock_timeout = 1500',
  'set idle_in_transaction_session_timeout = 10000',
  'set jit = off',
  "set client_min_messages = 'warning'",
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
].join('; ')
