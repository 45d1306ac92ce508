import { createHash } from 'node:crypto'
import { Client, type ClientBase, type ClientConfig } from 'pg'
import type { Compiled } from '../compile.ts'
import type { Changed, Plan } from '../port.ts'
import { bound, decoded, type Statements } from '../statements.ts'

/** What every connection to a server has in common. No more than what a pooler between us and the server lets pass. */
export function clientConfig(server: string): ClientConfig {
  return {
    connectionString: server,
    application_name: 'postern',
    connectionTimeoutMillis: longestConnecting,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => parsers[oid] ?? asText },
  }
}

/** Connects and says hello; rejects where the server is away. */
export async function connected(config: ClientConfig, settings: string): Promise<Client> {
  const client = new Client(config)
  // What goes wrong is told to the query that waits, and to the next one; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(settings)
    return client
  } catch (thrown) {
    void client.end().catch(() => {})
    throw thrown
  }
}

/**
 * Fails on a server that follows another one, as after a failover: what is read there may be behind what was acknowledged.
 * Its code is the one of a write that is refused for that.
 */
export const mustLead =
  "do $$ begin if pg_is_in_recovery() then raise 'this server follows another one' using errcode = '25006'; end if; end $$"

/** Runs one plan. Statements are prepared once for each connection, under a name made of their text. */
export async function ask(client: ClientBase, statements: Statements, plan: Plan): Promise<Changed> {
  const values: unknown[] = []
  const compiled = statements.of(plan, values)
  const result = await client.query<unknown[]>({
    name: nameOf(compiled),
    text: compiled.sql,
    values: bound(compiled, values, encode),
    rowMode: 'array',
  })
  if (compiled.columns.length === 0) return { count: result.rowCount ?? 0, rows: [] }
  const rows = result.rows.map((row) => decoded(compiled, row))
  return { count: rows.length, rows }
}

const names = new WeakMap<Compiled, string>()

function nameOf(compiled: Compiled): string {
  const known = names.get(compiled)
  if (known !== undefined) return known
  const name = `p_${createHash('sha256').update(compiled.sql).digest('hex').slice(0, 24)}`
  names.set(compiled, name)
  return name
}

function encode(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'undefined':
      return null
    default:
      if (value === null || value instanceof Uint8Array) return value
      throw new TypeError(`Cannot be stored: a value of type ${typeof value}`)
  }
}

/** Bytes arrive as `\x` and hexadecimal digits. */
function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}

function asText(text: string): string {
  return text
}

/** By the number PostgreSQL gives a type: boolean, bytea, the integers, the floating points, numeric. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  17: bytes,
  20: Number,
  21: Number,
  23: Number,
  700: Number,
  701: Number,
  1700: Number,
}

/** Shorter than what a caller waits for an answer. */
const longestConnecting = 1_400
