/**
 * Keeps one PostgreSQL for all test files of a run. Each of them holds a connection to this process's socket while it
 * lives; when the last is gone, however it ended, the cluster is stopped and its files are removed.
 */
import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from './cluster.ts'
import { socketPath } from './socket-path.ts'

const path = socketPath()
const guests = new Set<Socket>()
const server = createServer()
await listen()
const cluster = await startCluster({ durable: false }).catch((thrown: unknown) => {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  for (const guest of guests) guest.end(`${JSON.stringify({ error: reason })}\n`)
  return undefined
})
if (cluster !== undefined) {
  for (const guest of guests) greet(guest, cluster.url)
  server.on('connection', (guest) => greet(guest, cluster.url))
  await empty()
}
// Without the socket's file nobody new comes; who has come meanwhile sees the connection end and asks a new keeper.
server.close()
if (process.platform !== 'win32') rmSync(path, { force: true })
for (const guest of guests) guest.destroy()
await cluster?.remove()

/** Ends where another keeper already listens: one is enough. */
async function listen(): Promise<void> {
  server.on('connection', (guest) => {
    guests.add(guest)
    guest.on('error', () => guest.destroy())
    guest.on('close', () => guests.delete(guest))
    guest.resume()
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.on('error', () => process.exit(0))
  server.listen(path, resolve)
  await promise
}

function greet(guest: Socket, url: string): void {
  guest.write(`${JSON.stringify({ url })}\n`)
}

/** Resolves when nobody has been here for a while: the next test file of a run follows within moments. */
async function empty(): Promise<void> {
  for (let quiet = 0; quiet < 12; quiet = guests.size === 0 ? quiet + 1 : 0) await sleep(250)
}
