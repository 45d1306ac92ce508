/** Servers as processes of their own, and what the kernel says they used: CPU time and memory of the whole tree. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ServerCommand {
  /** Script and arguments for this Node. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Server {
  readonly pid: number
  readonly port: number
  /** Milliseconds from the start of the process until it said where it listens. */
  readonly readyAfter: number
  readonly stop: () => Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const patience = 60_000
/** Ticks of /proc/…/stat in a second; fixed at 100 for every Linux that Node runs on. */
const ticksPerSecond = 100

/** Later starts find what earlier ones compiled: Postern does so by itself, and the floor shall not lack it. */
const compiled = join(tmpdir(), 'postern-bench-compiled')

/** Starts a server that prints the address it listens on, and waits for that line. */
export async function startServer(command: ServerCommand): Promise<Server> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', ...command.args],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        NO_COLOR: '1',
        NODE_COMPILE_CACHE: compiled,
        ...command.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const port = await portOf(child)
  const readyAfter = performance.now() - started
  return { pid: child.pid ?? 0, port, readyAfter, stop: () => stop(child) }
}

/** User and system time in µs of a process, its threads and its children. */
export function cpuTime(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + ticksOf(one), 0) * (1_000_000 / ticksPerSecond)
}

/** Resident memory in MB of a process and its children. */
export function memory(pid: number): number {
  const kB = processTree(pid).map((one) => Number(/VmRSS:\s+(\d+)/.exec(readProc(one, 'status'))?.[1] ?? 0))
  return kB.reduce((sum, one) => sum + one, 0) / 1_024
}

/** CPU time in µs that the whole machine has used. */
export function machineTime(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) * (1_000_000 / ticksPerSecond)
}

function portOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let said = ''
  const listen = (chunk: Buffer): void => {
    said += chunk.toString('utf8')
    const port = /https?:\/\/[^\s:/"]+:(\d+)/.exec(said)?.[1]
    if (port !== undefined) resolve(Number(port))
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.on('exit', (code) => reject(new Error(`The server ended with ${code} before it listened:\n${said}`)))
  const timer = setTimeout(() => reject(new Error(`The server did not listen in time:\n${said}`)), patience)
  promise.catch(() => child.kill('SIGKILL'))
  return promise.finally(() => clearTimeout(timer))
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  child.on('exit', () => resolve())
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await promise
  clearTimeout(timer)
}

function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readProc(pid, `task/${task}/children`).split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(processTree)]
}

function ticksOf(pid: number): number {
  const stat = readProc(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Nothing of a thread or process that ended meanwhile. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
