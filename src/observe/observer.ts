import type { Observation } from './observation.ts'

/** Takes observations and never throws, never waits. */
export interface Sink {
  readonly note: (seen: Observation) => void
  /** Writes out what is still in memory. */
  readonly flush?: () => Promise<void>
}

/** Tells every sink. */
export class Observer implements Sink {
  readonly #sinks: Sink[]

  constructor(sinks: readonly Sink[] = []) {
    this.#sinks = [...sinks]
  }

  /** Adds a sink; the result takes it out again. */
  add(sink: Sink): () => void {
    this.#sinks.push(sink)
    return () => {
      const index = this.#sinks.indexOf(sink)
      if (index >= 0) this.#sinks.splice(index, 1)
    }
  }

  note(seen: Observation): void {
    for (const sink of this.#sinks) sink.note(seen)
  }

  async flush(): Promise<void> {
    for (const sink of this.#sinks) await sink.flush?.()
  }
}
