import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool, type ClientConfig, type PoolClient } from 'pg'
import { countPlan } from '../compile.ts'
import type { Reader, Row, SelectPlan } from '../port.ts'
import type { Statements } from '../statements.ts'
import { leavingNow } from '../asker.ts'
import { ask, clientConfig, connected, mustLead } from './connection.ts'
import { CountMemory } from './count-memory.ts'
import { Departure } from './departure.ts'
import { isLost, isMissingTable, translated, unavailable } from './errors.ts'
import { deadlineFromNow, type Presence } from './presence.ts'
import { leadingServer } from './servers.ts'

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
  readonly #totals = new CountMemory(async () => {
    const [found] = await this.#ask(versionIn)
    return found === undefined ? undefined : String(found['version'])
  })

  constructor(parts: Parts) {
    this.#parts = parts
    this.#pool = new Pool({
      ...clientConfig(parts.url),
      Client: LeadingClient,
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

  rows: Reader['rows'] = (plan) => this.#ask(this.#question(plan))

  first: Reader['first'] = async (plan) => (await this.#ask(this.#question({ ...plan, limit: 1 })))[0]

  count: Reader['count'] = (plan, limit) =>
    this.#totals.total(countPlan(plan, limit), (counted) => this.#count(counted))

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #count(plan: SelectPlan): Promise<number> {
    return Number((await this.#ask(this.#question(plan)))[0]?.['n'] ?? 0)
  }

  #question(plan: SelectPlan): Question {
    return async (client) => (await ask(client, this.#parts.statements, plan)).rows
  }

  async #ask(question: Question): Promise<Row[]> {
    const { presence } = this.#parts
    const deadline = deadlineFromNow()
    for (;;) {
      await presence.ready(deadline)
      try {
        return await this.#once(question)
      } catch (thrown) {
        if (!isLost(thrown) || performance.now() > deadline) throw translated(thrown)
        presence.lost()
        await sleep(20)
      }
    }
  }

  async #once(question: Question): Promise<Row[]> {
    const client = await this.#client()
    const leaving = leavingNow()
    const departure = leaving && new Departure(leaving, () => this.#giveUp(client))
    let broken = false
    try {
      return await question(client)
    } catch (thrown) {
      broken = isLost(thrown)
      if (await departure?.end()) throw unavailable('Nobody waits for this any more', thrown)
      throw thrown
    } finally {
      await departure?.end()
      client.release(broken)
    }
  }

  /** Stops what the connection is doing, by another one: the pool may be used up by what nobody waits for. */
  async #giveUp(client: PoolClient): Promise<void> {
    const number = 'processID' in client ? Number(client.processID) : 0
    const server = client instanceof LeadingClient ? client.server : this.#parts.url
    const other = await connected(clientConfig(server), `select pg_cancel_backend(${number})`)
    await other.end()
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

/** Goes to the server that led when one was last looked for, of those that its URL names. */
class LeadingClient extends Client {
  readonly server: string

  constructor(config: ClientConfig = {}) {
    const { connectionString: url = '' } = config
    const server = leadingServer(url)
    super({ ...config, connectionString: server })
    this.server = server
  }
}

/** Every group of writes leaves its number in the row of its writer; nobody can say before the first one made the table. */
async function versionIn(client: PoolClient): Promise<Row[]> {
  try {
    return (await client.query<Row>({ name: 'postern_version', text: versionText })).rows
  } catch (thrown) {
    if (isMissingTable(thrown)) return []
    throw thrown
  }
}

type Question = (client: PoolClient) => Promise<Row[]>

const versionText =
  "select concat_ws('/', count(*), sum(serial), extract(epoch from max(at))) as version from postern_writers"
const mostConnections = 10
const mostWaiting = 1_000
/** Short questions that an index answers: no plan is worth a compiler, another process or a scan that a disk of old would like. */
const settings = [
  mustLead,
  'set default_transaction_read_only = on',
  'set statement_timeout = 30000',
  'set jit = off',
  'set max_parallel_workers_per_gather = 0',
  'set random_page_cost = 1.1',
  "set client_min_messages = 'warning'",
].join('; ')
