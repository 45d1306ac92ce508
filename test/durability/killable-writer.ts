import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreLocation } from '../../src/store/open.ts'

/** A process of writers, and what it was promised so far. */
export interface KillableWriter {
  readonly acknowledged: ReadonlySet<number>
  /** From its start to its first acknowledged write, in milliseconds. */
  readonly firstAfter: number
  readonly signal: (name: 'SIGSTOP' | 'SIGCONT') => void
  /** kill -9; resolves when it is gone and all it said has been heard. */
  readonly kill: () => Promise<void>
  /** What it complained of. */
  readonly complaints: () => string
}

/** Resolves when the first write was acknowledged. `prefix` is a command that runs the process, such as strace. */
export async function startWriter(
  location: StoreLocation,
  round: string,
  prefix: readonly string[] = [],
): Promise<KillableWriter> {
  const script = join(import.meta.dirname, 'write-until-killed.ts')
  const flags = ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', script]
  const [command, ...rest] = [...prefix, process.execPath, ...flags, JSON.stringify(location), round]
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const begun = performance.now()
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const acknowledged = listen(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
  const ended = once(child, 'close')
  while (acknowledged.size === 0) {
    if (child.exitCode !== null || performance.now() - begun > 60_000)
      throw new Error(`The writers did not come up: ${said}`)
    await sleep(5)
  }
  return {
    acknowledged,
    firstAfter: performance.now() - begun,
    signal: (name) => void child.kill(name),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    complaints: () => said,
  }
}

/** Only whole lines count: half a line was not heard. */
function listen(child: ChildProcess): Set<number> {
  const acknowledged = new Set<number>()
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) acknowledged.add(Number(line))
  })
  return acknowledged
}
