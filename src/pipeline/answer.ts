/** An answer ready for the transport. Header names are in lower case. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
}

export type AnswerBody = string | Uint8Array | ReadableStream<Uint8Array> | null
