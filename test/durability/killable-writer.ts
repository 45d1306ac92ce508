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
  readonly pid: number
  /** kill -9; resolves when it is gone and all it said has been heard. */
  readonly kill: () => Promise<void>
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
  const heard = listen(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
  const ended = once(child, 'close')
  while (heard.acknowledged.size === 0) {
    if (child.exitCode !== null || performance.now() - begun > 60_000)
      throw new Error(`The writers did not come up: ${said}`)
    await sleep(5)
  }
  return {
    acknowledged: heard.acknowledged,
    firstAfter: performance.now() - begun,
    pid: heard.pid,
    kill: async () => {
      // It may have ended by itself, when its database was killed first.
      if (child.exitCode === null) process.kill(heard.pid, 'SIGKILL')
      await ended
    },
  }
}

interface Heard {
  pid: number
  readonly acknowledged: Set<number>
}

/** Only whole lines count: half a line was not heard. The first one is the number of the process. */
function listen(child: ChildProcess): Heard {
  const heard: Heard = { pid: 0, acknowledged: new Set() }
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (heard.pid === 0) heard.pid = Number(lines.shift() ?? 0)
    for (const line of lines) heard.acknowledged.add(Number(line))
  })
  return heard
}
