/**
 * A client that keeps a number of connections busy, one request at a time on each, over bare sockets: cheap enough that
 * the server is what is being measured. It counts every answer and refuses to count one that is not the expected status.
 */
import { connect, type Socket } from 'node:net'
import { AnswerReader } from './answer-reader.ts'

export interface Request {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface LoadOptions {
  readonly port: number
  /** One request, or a maker of requests that is asked before each. */
  readonly request: Request | (() => Request)
  readonly connections: number
  readonly milliseconds: number
  readonly expect?: number
  /** Waits this long between an answer and the next request of a connection. */
  readonly pause?: number
}

export interface Load {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  /** Answers whose status was not the expected one, by status. */
  readonly unexpected: Readonly<Record<number, number>>
  /** Sorted, in milliseconds. */
  readonly latencies: Float64Array
}

interface Tally {
  requests: number
  bytes: number
  readonly unexpected: Record<number, number>
  readonly latencies: number[]
}

export async function load(options: LoadOptions): Promise<Load> {
  const tally: Tally = { requests: 0, bytes: 0, unexpected: {}, latencies: [] }
  const started = performance.now()
  const until = started + options.milliseconds
  await Promise.all(Array.from({ length: options.connections }, () => keepBusy(options, until, tally)))
  const seconds = (performance.now() - started) / 1_000
  return { ...tally, seconds, latencies: Float64Array.from(tally.latencies).sort() }
}

export function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

/** The bytes of a request, as every connection sends them. */
export function requestBytes(request: Request): Buffer {
  const { method = 'GET', path, headers = {}, body } = request
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1']
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

function keepBusy(options: LoadOptions, until: number, tally: Tally): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const { request, expect = 200 } = options
  const next = typeof request === 'function' ? () => requestBytes(request()) : constant(requestBytes(request))
  const socket = connect(options.port, '127.0.0.1')
  let sentAt = 0
  const send = (): void => {
    sentAt = performance.now()
    if (sentAt >= until) finish(socket, resolve)
    else socket.write(next())
  }
  const reader = new AnswerReader((answer) => {
    tally.requests += 1
    tally.bytes += answer.bytes
    tally.latencies.push(performance.now() - sentAt)
    if (answer.status !== expect) tally.unexpected[answer.status] = (tally.unexpected[answer.status] ?? 0) + 1
    if (options.pause === undefined) send()
    else setTimeout(send, options.pause)
  })
  socket.setNoDelay(true)
  socket.on('connect', send)
  socket.on('data', (chunk: Buffer) => reader.take(chunk))
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('The server closed a connection that was in use.')))
  return promise
}

function finish(socket: Socket, resolve: () => void): void {
  socket.removeAllListeners('close')
  socket.destroy()
  resolve()
}

function constant(bytes: Buffer): () => Buffer {
  return () => bytes
}
