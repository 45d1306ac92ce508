/** The two sides of a comparison: a floor beside the benchmark, and Postern as a user starts it, by its own command. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { startServer, type Server } from './processes.ts'

export interface PosternOptions {
  readonly isolation: 'inline' | 'thread'
  /** Relative to the project; absent: bench/site. */
  readonly site?: string
  /** Kept when given; else a new folder that goes with the server. */
  readonly dataDir?: string
}

export interface Running {
  readonly server: Server
  readonly token: string
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const command = join(root, 'bin', 'postern.js')
const created = z.looseObject({ token: z.string() })

/** `postern start` on a free port, with a user `bench` (the first, so number 1) and a token that acts for it. */
export async function startPostern(options: PosternOptions): Promise<Running> {
  const site = options.site ?? 'bench/site'
  const dataDir = options.dataDir ?? newFolder()
  await ensureUser(site, dataDir)
  const made = await postern(
    ['token', 'create', '--name', 'bench', '--user', 'bench', '--site', site, '--json'],
    dataDir,
  )
  const { token } = created.parse(JSON.parse(made))
  const server = await startServer({
    args: [command, 'start', '--site', site, '--port', '0', '--isolation', options.isolation, '--json'],
    env: { DATA_DIR: dataDir },
  })
  const dispose = async (): Promise<void> => {
    await server.stop()
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  return { server, token, [Symbol.asyncDispose]: dispose }
}

/** `postern dev`: it watches the site's files. */
export async function startDev(site: string): Promise<Running> {
  const dataDir = newFolder()
  const server = await startServer({
    args: [command, 'dev', '--site', site, '--port', '0', '--json'],
    env: { DATA_DIR: dataDir },
  })
  const dispose = async (): Promise<void> => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { server, token: '', [Symbol.asyncDispose]: dispose }
}

export async function startFloor(
  script: string,
  token = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const server = await startServer({ args: [script], env: { ...env, TOKEN: token } })
  return { server, token, [Symbol.asyncDispose]: () => server.stop() }
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` }
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'postern-bench-'))
}

async function ensureUser(site: string, dataDir: string): Promise<void> {
  try {
    await postern(['user', 'create', 'bench', '--site', site, '--json'], dataDir)
  } catch (thrown) {
    if (!/exist|taken|CONFLICT/i.test(String(thrown))) throw thrown
  }
}

async function postern(args: readonly string[], dataDir: string): Promise<string> {
  const flags = ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', command]
  const env = { ...process.env, DATA_DIR: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...args], { cwd: root, env })
  return stdout
}
