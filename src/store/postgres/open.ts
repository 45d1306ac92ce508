import { PosternError } from '../../errors/postern-error.ts'
import { keepingTable } from '../keeping.ts'
import type { ChangePlan, Reader, SelectPlan, Store, Workbench } from '../port.ts'
import { Statements } from '../statements.ts'
import type { Schema } from '../table.ts'
import { takeSteps } from '../take-steps.ts'
import { clientConfig, connected, mustLead } from './connection.ts'
import { dialect } from './dialect.ts'
import { translated } from './errors.ts'
import { ReadPool } from './pool.ts'
import { Presence } from './presence.ts'
import { onLeading, placeOf, serversOf } from './servers.ts'
import { Session } from './session.ts'
import { GroupWriter } from './writer.ts'

/** Opens a database on a server, with its one writer and a pool of connections for reading. */
export async function openPostgres(url: string): Promise<Store> {
  await assertUsable(url)
  const statements = new Statements(dialect)
  const presence = presenceOf(url)
  const read = new ReadPool({ url, statements, presence })
  const write = new GroupWriter({ url, statements, presence })
  const close = async (): Promise<void> => {
    await write.close()
    presence.close()
    await read.close()
  }
  return {
    dialect: 'postgres',
    read,
    write,
    declare: (...schemas) => statements.declare(schemas),
    migrate: async (schemas, options) => {
      statements.declare(schemas)
      return reshape({ url, statements }, (bench) => takeSteps(bench, schemas, options))
    },
    reshape: (work) => reshape({ url, statements }, work),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The reading side alone, on connections of its own, for another thread. */
export function openPostgresReader(url: string, schemas: readonly Schema[]): AsyncDisposable & { read: Reader } {
  const statements = new Statements(dialect)
  statements.declare(schemas)
  const presence = presenceOf(url)
  const read = new ReadPool({ url, statements, presence })
  const close = async (): Promise<void> => {
    presence.close()
    await read.close()
  }
  return { read, [Symbol.asyncDispose]: close }
}

function presenceOf(url: string): Presence {
  return new Presence(async () => {
    const client = await onLeading(url, (server) => connected(clientConfig(server), mustLead))
    await client.end()
  })
}

const oldest = 14

/** Text must be UTF-8 to hold what a file of SQLite holds. */
async function assertUsable(url: string): Promise<void> {
  const text =
    "select current_setting('server_encoding') as encoding, current_setting('server_version_num')::int as version"
  const hello = serversOf(url).length > 1 ? mustLead : 'select 1'
  const greeted = onLeading(url, (server) => connected(clientConfig(server), hello))
  const client = await greeted.catch((cause: unknown) => {
    throw new PosternError('UNAVAILABLE', `The database at ${placeOf(url)} does not answer`, { cause })
  })
  try {
    const { rows } = await client.query<{ encoding: string; version: number }>(text)
    const found = rows[0]
    if (found === undefined || found.encoding !== 'UTF8' || found.version < oldest * 10_000) {
      const is = `version ${String(found?.version)} with encoding ${found?.encoding}`
      throw new PosternError(
        'BAD_SETTING',
        `DATABASE_URL must name PostgreSQL ${oldest} or newer with encoding UTF8; this is ${is}`,
      )
    }
  } finally {
    await client.end()
  }
}

interface Parts {
  readonly url: string
  readonly statements: Statements
}

/**
 * One transaction, on a connection of its own, behind the lock of the writers: of many nodes that start together one takes
 * the steps, and the others then find nothing to do.
 */
async function reshape<Result>(
  { url, statements }: Parts,
  work: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  statements.declare([{ room: 'store', tables: [keepingTable] }])
  const session = await Session.open(url, statements).catch((thrown: unknown) => {
    throw translated(thrown)
  })
  try {
    await session.say('set statement_timeout = 0; set lock_timeout = 0')
    await session.begin()
    const result = await work({
      dialect,
      rows: async (plan: SelectPlan) => (await session.run(plan)).rows,
      run: (plan: ChangePlan) => session.run(plan),
      exec: async (text: string) => void (await session.say(text)),
      hasTable: (name: string) => session.hasTable(name),
      declare: (...schemas) => statements.declare(schemas),
    })
    if ((await session.say('commit')) !== 'COMMIT') throw new Error('The migration was undone')
    return result
  } catch (thrown) {
    throw translated(thrown)
  } finally {
    await session.close().catch(() => {})
  }
}
