/** The connection is cut in the very moment of COMMIT: whoever wrote is told the truth, or that nobody knows it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import type { Store } from '../../src/store/port.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import type { Schema } from '../../src/store/table.ts'
import { createTestDatabase } from './test-database.ts'

const schema: Schema = {
  room: 'notes',
  tables: [{ name: 'notes', columns: { id: { type: 'id' }, text: { type: 'text' } } }],
}

/** What happens to the next COMMIT that passes: it is lost on the way there, or its answer on the way back. */
type Fault = 'none' | 'lost before' | 'lost after' | 'lost after, and the server with it'

test('a commit that never arrived is refused, and surely not made', async () => {
  await using house = await open()
  house.proxy.fault = 'lost before'
  await assert.rejects(write(house.store, 'a'), { code: 'UNAVAILABLE', headers: { 'retry-after': '1' } })
  assert.deepEqual(await house.texts(), [])
  await write(house.store, 'b')
  assert.deepEqual(await house.texts(), ['b'])
})

test('a commit whose answer was lost is acknowledged all the same', async () => {
  await using house = await open()
  house.proxy.fault = 'lost after'
  assert.equal(await write(house.store, 'a'), 'wrote a')
  assert.deepEqual(await house.texts(), ['a'])
})

test('a commit that nobody can tell of is said to be unknown, and not to be worth a blind retry', async () => {
  await using house = await open()
  house.proxy.fault = 'lost after, and the server with it'
  const begun = performance.now()
  await assert.rejects(write(house.store, 'a'), (thrown: Error & { code?: string; headers?: object }) => {
    assert.equal(thrown.code, 'OUTCOME_UNKNOWN')
    assert.deepEqual(thrown.headers, {})
    return true
  })
  assert.ok(performance.now() - begun < 3_000, 'answered in time')
  assert.deepEqual(await house.texts(), ['a'], 'it was made, as it happens')
  house.proxy.isAway = false
})

test('changes without a transaction of their own are never written twice either', async () => {
  for (const fault of ['lost before', 'lost after'] as const) {
    await using house = await open()
    house.proxy.fault = fault
    const plans = ['a', 'b', 'c'].map((text) => house.store.write.run({ insert: 'notes', values: { text } }))
    const answers = await Promise.allSettled(plans)
    const codes = answers.map((one) =>
      one.status === 'fulfilled' ? 'done' : z.object({ code: z.string() }).parse(one.reason).code,
    )
    const there = await house.texts()
    if (fault === 'lost before') {
      assert.deepEqual(codes, ['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'])
      assert.deepEqual(there, [])
    } else {
      assert.ok(!codes.includes('UNAVAILABLE'), 'what was made is not said to be refused')
      assert.deepEqual(there, ['a', 'b', 'c'])
    }
  }
})

async function write(store: Store, text: string): Promise<string> {
  return store.write.transaction(async ({ run }) => {
    await run({ insert: 'notes', values: { text } })
    return `wrote ${text}`
  })
}

interface House extends AsyncDisposable {
  readonly store: Store
  readonly proxy: Proxy
  readonly texts: () => Promise<unknown[]>
}

async function open(): Promise<House> {
  const database = await createTestDatabase()
  const target = new URL(database.url)
  const proxy = new Proxy(target)
  const url = new URL(database.url)
  url.hostname = '127.0.0.1'
  url.port = String(await proxy.listen())
  const store = await openPostgres(url.href)
  await store.migrate([schema])
  // The writer's connection is there, so that the next COMMIT is the one under test.
  await store.write.run({ delete: 'notes', where: true })
  return {
    store,
    proxy,
    texts: async () => (await database.query('select text from notes order by id')).map((row) => row['text']),
    [Symbol.asyncDispose]: async () => {
      proxy.isAway = false
      await store.close()
      proxy.close()
      await database.drop()
    },
  }
}

class Proxy {
  fault: Fault = 'none'
  isAway = false
  readonly #target: URL
  readonly #server: Server
  readonly #open = new Set<Socket>()

  constructor(target: URL) {
    this.#target = target
    this.#server = createServer((client) => this.#join(client))
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return z.object({ port: z.number() }).parse(this.#server.address()).port
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
  }

  #join(client: Socket): void {
    if (this.isAway) {
      client.destroy()
      return
    }
    const server = connect(Number(this.#target.port || 5432), this.#target.hostname)
    for (const socket of [client, server]) {
      this.#open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        server.end()
        this.#open.delete(socket)
      })
    }
    server.on('data', (bytes) => client.write(bytes))
    client.on('data', (bytes: Buffer) => {
      if (this.fault === 'none' || !bytes.includes('commit\0')) server.write(bytes)
      else this.#strike(client, server, bytes)
    })
  }

  #strike(client: Socket, server: Socket, bytes: Buffer): void {
    const { fault } = this
    this.fault = 'none'
    server.removeAllListeners('data').resume()
    if (fault !== 'lost before') server.write(bytes)
    this.isAway = fault === 'lost after, and the server with it'
    client.destroy()
  }
}
