import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from './errors.ts'

/**
 * Whether the server is there. While it is away, whoever needs it waits here a little, and one probe for all of them looks
 * for it again ten times a second; once it is known to be away for long, nobody waits at all.
 */
export class Presence {
  readonly #probe: () => Promise<void>
  #away: { readonly since: number; readonly back: Promise<void> } | undefined
  #closed = false

  /** `probe` rejects while the server is away. */
  constructor(probe: () => Promise<void>) {
    this.#probe = probe
  }

  /** Somebody found the server gone. */
  lost(): void {
    if (this.#closed) return
    this.#away ??= { since: performance.now(), back: this.#look() }
  }

  /** Resolves once the server is there; UNAVAILABLE at the deadline, or where it has been away for long. */
  async ready(deadline: number): Promise<void> {
    const away = this.#away
    if (away === undefined) return
    const left = Math.min(deadline, away.since + patience) - performance.now()
    if (this.#closed || left <= 0) throw unavailable(isAway)
    await Promise.race([away.back, refusedAfter(left)])
  }

  close(): void {
    this.#closed = true
  }

  async #look(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#probe()
        this.#away = undefined
        return
      } catch {
        await sleep(100, undefined, { ref: false })
      }
    }
  }
}

/** When to give up what is asked for now. A caller is answered within two seconds, and the answer takes its time too. */
export function deadlineFromNow(): number {
  return performance.now() + patience
}

async function refusedAfter(milliseconds: number): Promise<never> {
  await sleep(milliseconds)
  throw unavailable(isAway)
}

const isAway = 'The database is away for a moment'
const patience = 1_500
