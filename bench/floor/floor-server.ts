import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { keepAliveTimeout, sameHead } from './same-headers.ts'

/** Bare node:http, told to stop by a signal; it prints where it listens, as the harness expects. */
export function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): void {
  const server = createServer({ keepAliveTimeout, requireHostHeader: false }, answer)
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    const address = server.address()
    console.log(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
  })
  process.on('SIGTERM', () => process.exit(0))
}

interface Sending {
  readonly status?: number
  /** Names and values in turn. */
  readonly more?: readonly string[]
}

const usual: Sending = {}

/** A long text goes out as bytes, which Node sends at less cost. */
export function sendText(response: ServerResponse, text: string, { status = 200, more }: Sending = usual): void {
  const body = text.length > 2_048 ? Buffer.from(text) : text
  const head = sameHead('application/json; charset=utf-8', Buffer.byteLength(body))
  if (more !== undefined) head.push(...more)
  response.writeHead(status, head)
  response.end(body)
}

/** The floor never explains; what it refuses is only there so that it does the same checks. */
export function refuse(response: ServerResponse, status: number): void {
  sendText(response, `{"status":${status}}`, { status })
}
