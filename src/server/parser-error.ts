import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { verbs } from '../endpoint/method.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import { problem } from '../pipeline/problem.ts'
import { STATUS_CODES } from './node-http.ts'
import { standingHeaders } from './standing-headers.ts'

/** What Node's parser could not read gets the same kind of answer as everything else, and the connection ends. */
export function parserErrorAnswerer(observer: Observer): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || hasAnswerBegun(socket)) return void socket.destroy()
    const refusal = refusalFor(error)
    const ip = socket.remoteAddress ?? ''
    observer.note({ kind: 'request.malformed', code: error.code ?? error.message, status: refusal.status, ip })
    hangUp(socket, refusal)
  }
}

/** CONNECT comes without a response to write to; Node would hang up in silence. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  const headers = { allow: verbs.join(', ') }
  hangUp(
    socket,
    new PosternError('METHOD_NOT_ALLOWED', 'This server is no proxy: CONNECT is not answered.', { headers }),
  )
}

function refusalFor(error: NodeJS.ErrnoException): PosternError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new PosternError('HEADERS_TOO_LARGE', 'Target and headers have more than 16 kB together.', {
        cause: error,
      })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new PosternError('REQUEST_TIMEOUT', 'The request did not arrive in time.', { cause: error })
    case 'HPE_INVALID_METHOD':
      return new PosternError('BAD_REQUEST', 'The request begins with no method of HTTP.', { cause: error })
    default:
      return new PosternError('BAD_REQUEST', 'The request is not HTTP/1.1 as it is written.', { cause: error })
  }
}

/** The rest is read and thrown away for a moment: to close on unread bytes would reset the connection, and the answer with it. */
function hangUp(socket: Duplex, error: PosternError): void {
  const { status, headers, body } = problem(error, 'unread')
  const text = typeof body === 'string' ? body : ''
  const lines = [...Object.entries(headers), ...standingHeaders]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  // Node's own listener would read on with a parser that has given up, and fail again with every chunk.
  socket
    .removeAllListeners('data')
    .on('data', () => {})
    .on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}connection: close\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
  setTimeout(() => socket.destroy(), 500).unref()
}

/** An answer that has begun must not be followed by another: the reader would take it for its end. */
function hasAnswerBegun(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, '_httpMessage')
  return typeof message === 'object' && message !== null && Reflect.get(message, '_headerSent') === true
}
