import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { z } from 'zod'
import { socketPath } from './socket-path.ts'

/** An empty database of a test's own, removed when the test lets go of it. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  /** SQL straight to the database, past the store: to look at rows, or to be the disturber. Of several statements, the last one's rows. */
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>
  readonly drop: () => Promise<void>
}

/**
 * A new database on the server of `DATABASE_URL`, else on the one that all test files of a run share. Where neither can
 * be had this throws, so that a test on PostgreSQL fails rather than passes by not running.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(`template0 encoding 'UTF8'`)
}

/** Another one with the same content. Nobody may be connected to the first meanwhile. */
export function copyTestDatabase({ url }: Pick<TestDatabase, 'url'>): Promise<TestDatabase> {
  return createFrom(new URL(url).pathname.slice(1))
}

async function createFrom(template: string): Promise<TestDatabase> {
  const server = await serverUrl()
  const name = `postern_test_${randomBytes(8).toString('hex')}`
  await once(server, `create database ${name} template ${template}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const drop = async (): Promise<void> => {
    await once(server, `drop database if exists ${name} with (force)`)
  }
  return { url: url.href, query: (sql, values) => once(url.href, sql, values), drop, [Symbol.asyncDispose]: drop }
}

async function once(url: string, sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return rows.parse([await client.query(sql, [...values])].flat().at(-1)?.rows)
  } finally {
    await client.end()
  }
}

const rows = z.array(z.record(z.string(), z.unknown()))

let shared: Promise<string> | undefined

function serverUrl(): Promise<string> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return Promise.resolve(given)
  shared ??= askKeeper()
  return shared
}

const answer = z.union([z.object({ url: z.string() }), z.object({ error: z.string() })])

/** Finds the keeper or starts one. The connection stays open, without holding up the end of this process. */
async function askKeeper(): Promise<string> {
  const deadline = performance.now() + 90_000
  while (performance.now() < deadline) {
    const socket = await meet()
    const line = socket === undefined ? undefined : await firstLine(socket)
    if (line !== undefined) {
      const said = answer.parse(JSON.parse(line))
      if ('url' in said) return said.url
      throw new Error(`No PostgreSQL for the tests: ${said.error}`)
    }
    await sleep(50 + Math.random() * 100)
  }
  throw new Error('No PostgreSQL for the tests: none answered within 90 seconds')
}

/** Undefined where nobody is there yet; then one has been sent for. */
async function meet(): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>()
  const socket = connect(socketPath())
  socket.on('connect', () => resolve(socket))
  socket.on('error', (reason: NodeJS.ErrnoException) => {
    // A file that nobody listens to was left by a keeper that was killed.
    if (reason.code === 'ECONNREFUSED' && process.platform !== 'win32') rmSync(socketPath(), { force: true })
    resolve(undefined)
  })
  const met = await promise
  if (met === undefined) {
    const keeper = [
      ...process.execArgv.filter((flag) => flag.startsWith('--conditions')),
      join(import.meta.dirname, 'keeper.ts'),
    ]
    spawn(process.execPath, keeper, { detached: true, stdio: 'ignore', env: withoutTestContext() }).unref()
  }
  return met
}

/** The keeper outlives the file that started it, so it must not believe to be a part of that file's test run. */
function withoutTestContext(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...rest } = process.env
  return rest
}

async function firstLine(socket: Socket): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
  })
  socket.on('close', () => resolve(undefined))
  socket.on('error', () => resolve(undefined))
  const line = await promise
  socket.unref()
  return line
}
