import type { IncomingMessage } from 'node:http'
import { PosternError } from '../errors/postern-error.ts'

interface Bounds {
  /** Bytes. */
  readonly limit: number
  /** Milliseconds; after each of them 1 kB a second must have come. */
  readonly patience: number
}

const leastRate = 1_024

/** All bytes of the body, counted as they are read: 413 over the limit, 408 when they drip, 400 when they end too early. */
export function readBody(request: IncomingMessage, { limit, patience }: Bounds): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) return Promise.reject(tooLarge(limit))
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const chunks: Buffer[] = []
  let size = 0

  function take(chunk: Buffer): void {
    size += chunk.length
    if (size > limit) fail(tooLarge(limit))
    else chunks.push(chunk)
  }

  function end(): void {
    release()
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size))
  }

  function cut(): void {
    fail(new PosternError('BAD_BODY', 'The body ended before its announced length.'))
  }

  function fail(error: PosternError): void {
    release()
    request.pause()
    reject(error)
  }

  let due = 0
  const timer = setInterval(() => {
    due += (patience / 1_000) * leastRate
    if (size < due) fail(new PosternError('REQUEST_TIMEOUT', 'The body arrives too slowly.'))
  }, patience)

  function release(): void {
    clearInterval(timer)
    request.off('data', take).off('end', end).off('error', cut).off('close', cut)
    // A request may still fail after we gave up on it; nobody is left to hear that.
    request.on('error', () => {})
  }

  request.on('data', take).on('end', end).on('error', cut).on('close', cut)
  if (request.destroyed) cut()
  return promise
}

function tooLarge(limit: number): PosternError {
  return new PosternError('BODY_TOO_LARGE', `The body has more than ${limit} bytes.`)
}
