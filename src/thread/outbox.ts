/** Anything with a structured-clone `postMessage`: a worker, or the port of its parent. */
interface Post {
  readonly postMessage: (message: readonly unknown[]) => void
}

/** A value from a site's own code: the only kind that may turn out not to be plain data. */
interface Doubtful {
  readonly index: number
  readonly refused: (cause: unknown) => void
}

/**
 * Collects what one turn of the event loop has to say, and sends it as one flat array: a message costs some 8 µs, an entry
 * of a flat array under one (`bench/`). Each entry begins with its kind; readers know how many values follow.
 */
export class Outbox {
  readonly #port: Post
  readonly #flushed: () => void
  #values: unknown[] = []
  #doubtful: Doubtful[] = []
  #scheduled = false

  constructor(port: Post, flushed: () => void = () => {}) {
    this.#port = port
    this.#flushed = flushed
  }

  /** The array to append an entry to; sent when this turn ends. */
  open(): unknown[] {
    if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.flush())
    }
    return this.#values
  }

  /** Appends a value that may not be plain data: then it is left out, and its sender hears of it. */
  appendDoubtful(value: unknown, refused: (cause: unknown) => void): void {
    this.#doubtful.push({ index: this.#values.length, refused })
    this.#values.push(value)
  }

  flush(): void {
    this.#scheduled = false
    const values = this.#values
    const doubtful = this.#doubtful
    if (values.length === 0) return
    this.#values = []
    this.#doubtful = []
    this.#flushed()
    try {
      this.#port.postMessage(values)
    } catch {
      this.#port.postMessage(withoutRefused(values, doubtful))
    }
  }
}

function withoutRefused(values: unknown[], doubtful: readonly Doubtful[]): unknown[] {
  for (const { index, refused } of doubtful) {
    try {
      structuredClone(values[index])
    } catch (cause) {
      values[index] = undefined
      refused(cause)
    }
  }
  return values
}
