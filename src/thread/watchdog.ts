import { PosternError } from '../errors/postern-error.ts'
import type { HouseEnd } from './house-end.ts'

/** How far the house may lag behind the thread's own clock before it answers 504 in the thread's place. */
const margin = 1_000
const heapEvery = 200
const idleHeapEvery = 5_000

export interface WatchdogOptions {
  /** ms without a turn of the thread's event loop while something waits. */
  readonly stallLimit: number
  /** MB. */
  readonly heapLimit: number
  readonly onStall: () => void
  /** It looks as if the thread will have to be replaced: half of a limit is used up. */
  readonly onSuspicion: () => void
  /** Measuring goes on when this has resolved. */
  readonly onHeap: (megabytes: number) => Promise<void>
  /** MB in use now; takes an interrupt of the thread, not its event loop. */
  readonly heap: () => Promise<number>
}

/**
 * Looks after one thread while something is asked of it, with one timer for all calls: deadlines, clients that left, a
 * stalled event loop, a full heap. Time in which the house itself did not turn is not held against the thread.
 */
export class Watchdog {
  readonly #end: HouseEnd
  readonly #options: WatchdogOptions
  readonly #interval: number
  #timer: NodeJS.Timeout | undefined
  readonly #idleTimer: NodeJS.Timeout
  #lastSweep = 0
  #lastBeat = -1
  #silentFor = 0
  #lastHeap = 0
  #measuring = false
  #ended = false

  constructor(end: HouseEnd, options: WatchdogOptions) {
    this.#end = end
    this.#options = options
    this.#interval = Math.max(5, Math.min(100, options.stallLimit / 5))
    this.#idleTimer = setInterval(() => this.#measureHeap(), idleHeapEvery).unref()
  }

  /** Called with each thing asked; costs a comparison while it already watches. */
  wake(): void {
    if (this.#timer !== undefined || this.#ended) return
    this.#lastSweep = performance.now()
    this.#silentFor = 0
    this.#timer = setInterval(() => this.#sweep(), this.#interval)
  }

  end(): void {
    this.#ended = true
    clearInterval(this.#timer)
    clearInterval(this.#idleTimer)
  }

  #sweep(): void {
    const now = performance.now()
    const elapsed = Math.min(now - this.#lastSweep, 2 * this.#interval)
    this.#lastSweep = now
    if (!this.#end.busy) return this.#sleep()
    this.#listen(elapsed)
    this.#visit(now)
    if (now - this.#lastHeap >= heapEvery) this.#measureHeap()
  }

  #sleep(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** A turn shows in the shared counter; a thread that has nothing to say is asked to turn. */
  #listen(elapsed: number): void {
    const beat = this.#end.shared.heartbeat
    if (beat !== this.#lastBeat) {
      this.#lastBeat = beat
      this.#silentFor = 0
      return
    }
    this.#silentFor += elapsed
    if (this.#silentFor >= this.#options.stallLimit / 2) this.#options.onSuspicion()
    this.#end.ping()
    if (this.#silentFor >= this.#options.stallLimit) this.#options.onStall()
  }

  #visit(now: number): void {
    for (const [sequence, pending] of this.#end.pending.entries()) {
      if (now > pending.deadline + margin) {
        this.#end.forsake(sequence, new PosternError('TIMEOUT', 'The endpoint did not answer in time.'))
      } else if (!pending.watched && pending.leaving) {
        pending.watched = true
        onceAborted(pending.leaving(), () => this.#end.abort(sequence))
      }
    }
  }

  #measureHeap(): void {
    this.#lastHeap = performance.now()
    if (this.#measuring || this.#ended) return
    this.#measuring = true
    this.#judgeHeap()
      .catch(() => {})
      .finally(() => {
        this.#measuring = false
      })
  }

  async #judgeHeap(): Promise<void> {
    const { heap, heapLimit, onSuspicion, onHeap } = this.#options
    const megabytes = await heap()
    if (this.#ended || megabytes <= heapLimit / 2) return
    onSuspicion()
    if (megabytes > heapLimit) await onHeap(megabytes)
  }
}

function onceAborted(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener, { once: true })
}
