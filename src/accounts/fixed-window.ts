import { PosternError } from '../errors/postern-error.ts'

interface Window {
  count: number
  /** Milliseconds since 1970. */
  until: number
}

/**
 * Counts per key in windows of a minute, without a promise or a timer: it runs on every request (bench/cases/hello.ts shows
 * what it costs). The keys it remembers are bounded: when there are too many, the windows that have passed go first. They
 * lie in the order in which they pass, so that a flood of strangers costs no look at all of them for each.
 */
export class FixedWindow {
  readonly #points: number
  readonly #now: () => number
  readonly #windows = new Map<string, Window>()

  constructor(points: number, now: () => number) {
    this.#points = points
    this.#now = now
  }

  /** Counts one, or refuses with TOO_MANY_REQUESTS. */
  take(key: string): void {
    const now = this.#now()
    const window = this.#windows.get(key)
    if (window === undefined || now >= window.until) return this.#open(key, now)
    if (window.count >= this.#points) throw tooMany(window.until - now)
    window.count++
  }

  #open(key: string, now: number): void {
    this.#windows.delete(key)
    if (this.#windows.size >= mostKeys) this.#forget(now)
    this.#windows.set(key, { count: 1, until: now + minute })
  }

  #forget(now: number): void {
    for (const [key, window] of this.#windows) {
      if (now < window.until && this.#windows.size < mostKeys) return
      this.#windows.delete(key)
    }
  }
}

const minute = 60_000
const mostKeys = 100_000

function tooMany(wait: number): PosternError {
  const seconds = Math.max(1, Math.ceil(wait / 1_000))
  return new PosternError('TOO_MANY_REQUESTS', `Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  })
}
