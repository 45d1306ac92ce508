import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../pipeline/answer.ts'
import type { HeaderPairs } from './cors.ts'
import { expectsContinue } from './http-incoming.ts'
import { standingHeaders } from './standing-headers.ts'
import { writeStream } from './write-stream.ts'

/** What the server adds to an answer. */
export interface Sending {
  readonly id: string
  readonly cors: HeaderPairs
  /** Aborted when the server stops: connections are not to be used again, and streams of events have no end of their own. */
  readonly ending: AbortSignal
}

/** Longer texts go out as bytes: Node would otherwise measure, join and encode them again. */
const longText = 2_048
/** Milliseconds that a refused body may go on arriving, so that the client gets to read why. */
const lingering = 1_000

/** Writes the answer. Resolves when its last byte was handed to the socket; never rejects. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { answer: Answer; sending: Sending },
): Promise<void> {
  const { answer, sending } = parts
  if (response.destroyed) return discard(answer)
  const body = asBytes(answer.body)
  const head = headOf(answer, sending)
  if (sending.ending.aborted || !request.complete) head.push('connection', 'close')
  if (!(body instanceof ReadableStream)) pushLength(head, answer.status, body)
  response.writeHead(answer.status, head)
  if (request.method === 'HEAD') await discard(answer)
  else if (body instanceof ReadableStream) await writeStream(response, body, endingFor(answer, sending))
  else if (body !== null) return request.complete ? void response.end(body) : lastWords(request, response, body)
  if (!response.writableEnded) response.end()
}

function pushLength(head: string[], status: number, body: string | Uint8Array | null): void {
  if (body !== null) head.push('content-length', String(lengthOf(body)))
  else if (!isBodiless(status)) head.push('content-length', '0')
}

function endingFor({ headers }: Answer, { ending }: Sending): AbortSignal | undefined {
  return headers['content-type']?.startsWith('text/event-stream') === true ? ending : undefined
}

function asBytes(body: Answer['body']): Answer['body'] {
  return typeof body === 'string' && body.length > longText ? Buffer.from(body) : body
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}

/** How an answer travels is the server's business alone: one that says otherwise could cut itself short or run into the next. */
const ours = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
])

/** Names and values in turn, which Node writes without making objects of them. */
function headOf({ headers }: Answer, { id, cors }: Sending): string[] {
  const head = ['x-request-id', id]
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !ours.has(name)) head.push(name, value)
  }
  for (const [name, value] of standingHeaders) if (headers[name] === undefined) head.push(name, value)
  if (cors.length > 0) head.push(...cors)
  return head
}

/**
 * The answer to a request whose body was not read to its end. Closing at once would reset the connection under the
 * client's hands, and the answer with it: so the rest is thrown away for a moment before the connection ends.
 */
async function lastWords(request: IncomingMessage, response: ServerResponse, body: string | Uint8Array): Promise<void> {
  response.write(body)
  if (!expectsContinue(request)) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, lingering)
    request
      .once('end', resolve)
      .once('close', resolve)
      .on('error', () => resolve())
      .resume()
    await promise
    clearTimeout(timer)
  }
  response.end()
}

/** A stream that nobody will read must be told, or its source stays open. */
async function discard({ body }: Answer): Promise<void> {
  if (body instanceof ReadableStream) await body.cancel().catch(() => {})
}
