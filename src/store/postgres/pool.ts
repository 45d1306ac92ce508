import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type PoolClient } from 'pg'
import { countPlan } from '../compile.ts'
import type { Reader, Row, SelectPlan } from '../port.ts'
import type { Statements } from '../statements.ts'
import { ask, clientConfig } from './connection.ts'
import { isLost, translated, unavailable } from './errors.ts'
import { deadlineFromNow, type Presence } from './presence.ts'

interface Parts {
  readonly url: string
  readonly statements: Statements
  readonly presence: Presence
}

/**
 * The reading side: connections that can do nothing but read. A read that loses its connection is asked again on another
 * one; what cannot be had soon is refused soon.
 */
export class ReadPool implements Reader {
  readonly #parts: Parts
  readonly #pool: Pool

  constructor(parts: Parts) {
    this.#parts = parts
    this.#pool = new Pool({
      ...clientConfig(parts.url),
      max: mostConnections,
      idleTimeoutMillis: 30_000,
      // Prepared statements stay with their connection; this bounds how many it gathers.
      maxLifetimeSeconds: 900,
      query_timeout: 35_000,
      verify: (client, done) => client.query(settings, (reason) => done(reason)),
    })
    this.#pool.on('error', () => parts.presence.lost())
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  rows: Reader['rows'] = (plan) => this.#ask(plan)

  first: Reader['first'] = async (plan) => (await this.#ask({ ...plan, limit: 1 }))[0]

  count: Reader['count'] = async (plan, limit) => Number((await this.#ask(countPlan(plan, limit)))[0]?.['n'] ?? 0)

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #ask(plan: SelectPlan): Promise<Row[]> {
    const { presence } = this.#parts
    const deadline = deadlineFromNow()
    for (;;) {
      await presence.ready(deadline)
      try {
        return await this.#once(plan)
      } catch (thrown) {
        if (!isLost(thrown) || performance.now() > deadline) throw translated(thrown)
        presence.lost()
        await sleep(20)
      }
    }
  }

  async #once(plan: SelectPlan): Promise<Row[]> {
    const client = await this.#client()
    let broken = false
    try {
      return (await ask(client, this.#parts.statements, plan)).rows
    } catch (thrown) {
      broken = isLost(thrown)
      throw thrown
    } finally {
      client.release(broken)
    }
  }

  async #client(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= mostWaiting) throw unavailable('Too many queries are waiting for the database')
    try {
      return await this.#pool.connect()
    } catch (thrown) {
      if (thrown instanceof Error && thrown.message.startsWith('timeout exceeded'))
        throw unavailable('All connections to the database are busy', thrown)
      throw thrown
    }
  }
}

const mostConnections = 10
const mostWaiting = 1_000
const settings =
  "set default_transaction_read_only = on; set statement_timeout = 30000; set jit = off; set client_min_messages = 'warning'"
