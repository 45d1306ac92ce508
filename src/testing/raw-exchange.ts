import { connect } from 'node:net'

interface Exchange {
  /** Ends our side after what was sent, as a client does that has died or lied about its length. */
  readonly halfClose?: boolean
  /** Milliseconds after which whatever came is the answer. */
  readonly patience?: number
}

/** Sends bytes as they are and returns all that comes back until the server ends the connection: for what no HTTP client would send. */
export function rawExchange(
  port: number,
  bytes: string | Uint8Array,
  { halfClose = false, patience = 5_000 }: Exchange = {},
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  const end = (): void => {
    socket.destroy()
    resolve(Buffer.concat(chunks).toString('latin1'))
  }
  socket
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', end)
    .on('error', end)
    .on('close', end)
  socket.setTimeout(patience, end)
  socket.write(bytes, () => halfClose && socket.end())
  return promise
}
