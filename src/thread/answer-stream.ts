import { PosternError } from '../errors/postern-error.ts'
import { isDetached, ownBytes } from './crossed-call.ts'
import { toErrorData, type ErrorData } from './error-data.ts'
import type { Outbox } from './outbox.ts'
import { toHouse } from './protocol.ts'

/** Chunks that may be under way before the house asks for more: what a slow client can make a thread hold. */
const ahead = 4

/** The thread's end of a streamed answer: reads on only as far as the house has asked. */
export class StreamSource {
  readonly #sequence: number
  readonly #reader: ReadableStreamDefaultReader<unknown>
  readonly #outbox: Outbox
  #credit = ahead
  #running = false
  #dropped = false
  readonly #ended = Promise.withResolvers<void>()

  constructor(sequence: number, stream: ReadableStream<unknown>, outbox: Outbox) {
    this.#sequence = sequence
    this.#reader = stream.getReader()
    this.#outbox = outbox
    void this.#run()
  }

  /** Resolves when nothing more will come, for whatever reason. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  pull(count: number): void {
    this.#credit += count
    void this.#run()
  }

  drop(): void {
    this.#stop()
    this.#reader.cancel().catch(() => {})
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    try {
      while (this.#credit > 0 && !this.#dropped) {
        const { done, value } = await this.#reader.read()
        if (this.#dropped) return
        if (done) return this.#finish(toHouse.streamEnd, undefined)
        this.#credit--
        this.#outbox.open().push(toHouse.chunk, this.#sequence, bytesOf(value))
      }
    } catch (thrown) {
      this.#finish(toHouse.streamError, toErrorData(thrown))
    } finally {
      this.#running = false
    }
  }

  #finish(kind: number, error: ErrorData | undefined): void {
    this.#outbox.open().push(kind, this.#sequence, error)
    this.#stop()
  }

  #stop(): void {
    this.#dropped = true
    this.#ended.resolve()
  }
}

/** The house's end: a stream that asks the thread for more as its reader takes it. */
export class StreamSink {
  readonly stream: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  /** Chunks that may come without being asked for again. */
  #outstanding = ahead

  constructor(asks: { readonly pull: (count: number) => void; readonly drop: () => void }) {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          const count = ahead - this.#outstanding
          this.#outstanding = ahead
          if (count > 0) asks.pull(count)
        },
        cancel: () => {
          this.#controller = undefined
          asks.drop()
        },
      },
      { highWaterMark: 1 },
    )
  }

  chunk(bytes: Uint8Array): void {
    this.#outstanding--
    this.#controller?.enqueue(bytes)
  }

  end(): void {
    this.#controller?.close()
    this.#controller = undefined
  }

  fail(error: Error): void {
    this.#controller?.error(error)
    this.#controller = undefined
  }
}

const encoder = new TextEncoder()

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array && !isDetached(value)) return ownBytes(value) ?? value
  if (typeof value === 'string') return encoder.encode(value)
  throw new PosternError('BAD_ANSWER', 'The stream yields something other than text and bytes.')
}
