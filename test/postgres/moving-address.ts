import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { z } from 'zod'

/** One address for whichever server leads at the time, as a proxy or a name gives it. */
export interface MovingAddress extends AsyncDisposable {
  /** `postgres://…/postgres`. */
  readonly url: string
  /** New connections go there; those there are break off. */
  readonly moveTo: (url: string) => void
}

export async function movingAddress(first: string): Promise<MovingAddress> {
  let target = new URL(first)
  const open = new Set<Socket>()
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  }
  const server = createServer((here) => {
    const there = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      keep(one)
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    moveTo: (url) => {
      target = new URL(url)
      cut()
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
