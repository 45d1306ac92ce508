/** Reads answers out of a stream of bytes: enough of HTTP/1.1 to know where one ends, by content-length or by chunks. */
export interface Answer {
  readonly status: number
  readonly bytes: number
}

type Bytes = Buffer<ArrayBufferLike>

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')
const zero = 0x30

export class AnswerReader {
  readonly #onAnswer: (answer: Answer) => void
  #pending: Bytes = Buffer.alloc(0)
  #last: Answer = { status: 0, bytes: -1 }

  constructor(onAnswer: (answer: Answer) => void) {
    this.#onAnswer = onAnswer
  }

  take(chunk: Bytes): void {
    // Common case: one request under way, and an answer as long as the last one, all at once. Its head need not be read
    // again, which keeps the client cheaper than what it measures.
    if (this.#pending.length === 0 && chunk.length === this.#last.bytes && statusOf(chunk) === this.#last.status) {
      return this.#onAnswer(this.#last)
    }
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    for (let end = endOfAnswer(this.#pending); end !== -1; end = endOfAnswer(this.#pending)) {
      this.#last = { status: statusOf(this.#pending), bytes: end }
      this.#pending = this.#pending.subarray(end)
      this.#onAnswer(this.#last)
    }
  }
}

/** The three digits after `HTTP/1.1 `. */
function statusOf(bytes: Bytes): number {
  return digit(bytes, 9) * 100 + digit(bytes, 10) * 10 + digit(bytes, 11)
}

function digit(bytes: Bytes, index: number): number {
  return (bytes[index] ?? zero) - zero
}

/** Where the first answer ends, or -1 while it is not all there. */
function endOfAnswer(bytes: Bytes): number {
  const head = bytes.indexOf(headEnd)
  if (head === -1) return -1
  const headers = bytes.toString('latin1', 0, head)
  const bodyStart = head + headEnd.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(headers)
  if (length !== null) {
    const end = bodyStart + Number(length[1])
    return end <= bytes.length ? end : -1
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(headers)) return bodyStart
  const last = bytes.indexOf(lastChunk, bodyStart)
  return last === -1 ? -1 : last + lastChunk.length
}
