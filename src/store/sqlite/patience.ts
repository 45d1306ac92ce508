import type { Awaitable } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'

/** Ends the wait for work that holds up all other writers. One clock looks after all of it: a timer for each would cost more. */
export class Patience {
  #clock: NodeJS.Timeout | undefined
  #running: { readonly since: number; readonly giveUp: (reason: PosternError) => void } | undefined

  within<Value>(work: Awaitable<Value>): Awaitable<Value> {
    return work instanceof Promise ? this.#race(work) : work
  }

  async #race<Value>(work: Promise<Value>): Promise<Value> {
    this.#clock ??= setInterval(() => this.#look(), 500)
    const { promise, reject } = Promise.withResolvers<never>()
    this.#running = { since: performance.now(), giveUp: reject }
    try {
      return await Promise.race([work, promise])
    } finally {
      this.#running = undefined
    }
  }

  /** Nothing more is waited for. */
  rest(): void {
    clearInterval(this.#clock)
    this.#clock = undefined
  }

  #look(): void {
    if (this.#running === undefined || performance.now() - this.#running.since < longestWork) return
    const headers = { 'retry-after': '1' }
    this.#running.giveUp(new PosternError('UNAVAILABLE', 'The write took too long and was undone', { headers }))
  }
}

const longestWork = 5_000
