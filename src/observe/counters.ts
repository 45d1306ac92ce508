import type { Observation } from './observation.ts'
import type { Sink } from './observer.ts'

/** What was counted since the start, for `doctor` and whoever exports metrics. */
export interface Counts {
  readonly requests: number
  /** By class: `2xx`, `4xx`. */
  readonly byClass: Readonly<Record<string, number>>
  /** By error code. */
  readonly failures: Readonly<Record<string, number>>
  /** By kind, whatever is not a request. */
  readonly events: Readonly<Record<string, number>>
  /** Faults of a site's thread by the endpoint to blame. */
  readonly faults: Readonly<Record<string, number>>
}

/** Counts in memory; the set of names is bounded by error codes, kinds and endpoints, never by what a client sends. */
export class Counters implements Sink {
  #requests = 0
  readonly #classes = [0, 0, 0, 0, 0, 0]
  readonly #failures = new Map<string, number>()
  readonly #events = new Map<string, number>()
  readonly #faults = new Map<string, number>()

  note(seen: Observation): void {
    if (seen.kind === 'request.done') {
      this.#requests++
      const digit = Math.floor(seen.status / 100)
      this.#classes[digit] = (this.#classes[digit] ?? 0) + 1
      return
    }
    if (seen.kind === 'request.failed') return count(this.#failures, seen.code)
    count(this.#events, seen.kind)
    if (seen.kind === 'thread.lost') count(this.#faults, seen.fault.endpoint ?? '(unknown)')
  }

  read(): Counts {
    const classes = this.#classes.map((times, digit) => [`${digit}xx`, times] as const)
    return {
      requests: this.#requests,
      byClass: Object.fromEntries(classes.filter(([, times]) => times > 0)),
      failures: Object.fromEntries(this.#failures),
      events: Object.fromEntries(this.#events),
      faults: Object.fromEntries(this.#faults),
    }
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
