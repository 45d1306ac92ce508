import type { Observer } from '../observe/observer.ts'
import type { OpenServer } from '../server/open-server.ts'
import { stuckThreads } from '../thread/stuck-threads.ts'
import { warn } from './print.ts'

interface Stopping {
  readonly server: OpenServer
  readonly observer: Observer
  readonly grace: number
}

/** At a terminal nobody wants to wait: what is under way gets this long after Ctrl-C. */
const impatient = 3_000
/** Ctrl-C reaches us twice when npm and the launcher pass it on: nearer together than this it is one. */
const echo = 300
/** What closing may take beyond the grace before it counts as stuck. */
const slack = 3_000

/** The first signal stops in order, the second at once. */
export function stopOnSignals({ server, observer, grace }: Stopping): void {
  let first: number | undefined

  function onSignal(signal: NodeJS.Signals): void {
    const now = performance.now()
    if (first === undefined) {
      first = now
      void finish(signal)
    } else if (now - first > echo) {
      warn(`${signal} again: stopping without waiting.`)
      endAtOnce()
    }
  }

  async function finish(signal: NodeJS.Signals): Promise<void> {
    const patience = signal === 'SIGINT' ? Math.min(grace, impatient) : grace
    setTimeout(() => {
      warn('It does not close in order: stopping without waiting.')
      endAtOnce()
    }, patience + slack)
    await server.close(patience, signal)
    await observer.flush()
    if (stuckThreads() > 0) endAtOnce()
    process.exit(0)
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}

/** `process.exit` waits for threads to end, and one that is stuck in native code never does. What was answered is on disk. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL')
}
