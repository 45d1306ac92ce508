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

/** Writes the answer; a promise only where that takes time: streams, and requests that were not read to their end. */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, sending }: { answer: Answer; sending: Sending },
): Promise<void> | undefined {
  if (response.destroyed) return discard(answer)
  const body = asBytes(answer.body)
  const head = headOf(answer, sending)
  const unread = isUnread(request)
  if (sending.ending.aborted || unread) head.push('connection', 'close')
  if (body instanceof ReadableStream) return stream(request, response, { answer, sending, body, head })
  pushLength(head, answer.status, body)
  response.writeHead(answer.status, head)
  if (body !== null && request.method !== 'HEAD' && unread) return lastWords(request, response, body)
  response.end(request.method === 'HEAD' ? undefined : (body ?? undefined))
  return undefined
}

interface Streaming {
  readonly answer: Answer
  readonly sending: Sending
  readonly body: ReadableStream<Uint8Array>
  readonly head: string[]
}

async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, sending, body, head }: Streaming,
): Promise<void> {
  const { status } = answer
  if (request.method === 'HEAD') {
    response.writeHead(status, head)
    await discard(answer)
  } else await writeStream(response, { body, status, head, ending: endingFor(answer, sending) })
  if (!response.writableEnded) response.end()
}

/** An answer may be made before the parser has told that there is no body to come; only one that was announced is waited for. */
function isUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  return encoding !== undefined || (length !== undefined && length !== '0')
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

const standingPairs = standingHeaders.flat()
const standingNames = new Set(standingHeaders.map(([name]) => name))

/** Names and values in turn, which Node writes without making objects of them. */
function headOf({ headers }: Answer, { id, cors }: Sending): string[] {
  const head = ['x-request-id', id]
  let isPlain = true
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || ours.has(name)) continue
    head.push(name, value)
    if (standingNames.has(name)) isPlain = false
  }
  if (isPlain) head.push(...standingPairs)
  else for (const [name, value] of standingHeaders) if (headers[name] === undefined) head.push(name, value)
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
function discard({ body }: Answer): Promise<void> | undefined {
  return body instanceof ReadableStream ? body.cancel().catch(() => {}) : undefined
}
