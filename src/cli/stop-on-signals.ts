import type { Observer } from '../observe/observer.ts'
import type { OpenServer } from '../server/open-server.ts'
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
      process.exit(1)
    }
  }

  async function finish(signal: NodeJS.Signals): Promise<void> {
    await server.close(signal === 'SIGINT' ? Math.min(grace, impatient) : grace, signal)
    await observer.flush()
    process.exit(0)
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}
