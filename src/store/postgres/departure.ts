import type { Leaving } from '../asker.ts'

/**
 * Gives up a query whose asker leaves while it runs. Nobody looks before it has run for a moment: most are over by then,
 * and a signal costs more than they do.
 */
export class Departure {
  readonly #timer: NodeJS.Timeout
  readonly #leaving: Leaving
  readonly #giveUp: () => Promise<void>
  #signal: AbortSignal | undefined
  #givingUp: Promise<void> | undefined

  constructor(leaving: Leaving, giveUp: () => Promise<void>) {
    this.#leaving = leaving
    this.#giveUp = giveUp
    this.#timer = setTimeout(() => this.#look(), quick)
  }

  /** Whether the asker left. Resolves when nothing that was begun here can reach the next query on the connection. */
  async end(): Promise<boolean> {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#left)
    await this.#givingUp
    return this.#givingUp !== undefined
  }

  #look(): void {
    this.#signal = this.#leaving()
    if (this.#signal.aborted) this.#left()
    else this.#signal.addEventListener('abort', this.#left, { once: true })
  }

  readonly #left = (): void => {
    this.#givingUp ??= this.#giveUp().catch(() => {})
  }
}

/** ms */
const quick = 50
