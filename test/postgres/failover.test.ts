/** Two servers, one of which follows the other: whoever follows is never written to, nor read from, whatever address leads to it. */
import assert from 'node:assert/strict'
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { isPosternError } from '../../src/errors/postern-error.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import type { Schema } from '../../src/store/table.ts'
import { startCluster } from './cluster.ts'
import { movingAddress } from './moving-address.ts'

const notes: Schema = {
  room: 'test',
  tables: ['notes', 'others'].map((name) => ({ name, columns: { id: { type: 'id' }, text: { type: 'text' } } })),
}

const folder = join(tmpdir(), `postern-failover-${process.pid}`)
after(() => rmSync(folder, { recursive: true, force: true }))

test(
  'R08 after a failover writes and reads go to the server that leads; one that follows, or is for reading only, acknowledges nothing',
  { timeout: 100_000 },
  async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')]
    const first = await startCluster({ durable: false, folder: one })
    await using address = await movingAddress(first.url)
    await using store = await openPostgres(address.url)
    await store.migrate([notes])
    await first.stop()
    copyAsFollower(one, two, first.url)
    await first.start()
    const second = await startCluster({ durable: false, folder: two, isThere: true })
    // Whoever names both servers needs no address that moves.
    await using several = await openPostgres(severalOf(second.url, first.url))
    several.declare(notes)
    const others: string[] = []
    try {
      const acknowledged: string[] = []
      const write = async (text: string): Promise<string> => {
        try {
          await store.write.run({ insert: 'notes', values: { text } })
          acknowledged.push(text)
          return 'written'
        } catch (thrown) {
          return refusalOf(thrown)
        }
      }
      const read = async (): Promise<string> => {
        try {
          return (await store.read.rows({ from: 'notes', select: ['text'] })).map(({ text }) => text).join()
        } catch (thrown) {
          return refusalOf(thrown)
        }
      }
      const soon = async (act: () => Promise<string>, wanted: string): Promise<void> => {
        const end = performance.now() + 20_000
        for (let told = ''; told !== wanted; told = await act()) {
          assert.ok(performance.now() < end, `it was never ${wanted}, but at last ${told}`)
          await sleep(20)
        }
      }

      const writeOther = async (text: string): Promise<string> => {
        try {
          await several.write.run({ insert: 'others', values: { text } })
          others.push(text)
          return 'written'
        } catch (thrown) {
          return refusalOf(thrown)
        }
      }
      const readOthers = async (): Promise<string> => {
        try {
          const rows = await several.read.rows({ from: 'others', select: ['text'] })
          return rows.map(({ text }) => text).join()
        } catch (thrown) {
          return refusalOf(thrown)
        }
      }

      await soon(() => write('before'), 'written')
      await soon(() => writeOther('first'), 'written')
      assert.equal(await readOthers(), 'first')
      await soon(async () => String((await query(second.url, 'select text from notes')).length), '1')
      await first.stop('immediate')
      address.moveTo(second.url)
      // What is under way when the connection breaks off is of unknown outcome: nobody who leads can be asked.
      await soon(() => write('too early'), 'UNAVAILABLE 1')
      for (const act of [read, () => write('still too early'), read])
        assert.equal(await act(), 'UNAVAILABLE 1', 'the server still follows')

      await query(second.url, 'select pg_promote()')
      await soon(() => write('after'), 'written')
      assert.equal(await read(), 'before,after')
      await soon(() => writeOther('second'), 'written')
      await soon(readOthers, 'first,second')

      // The server that led comes back, and the address leads to it for a while.
      writeFileSync(join(one, 'data', 'standby.signal'), '')
      await first.start()
      address.moveTo(first.url)
      await soon(() => write('to the old one'), 'UNAVAILABLE 1')
      for (const act of [read, () => write('still to the old one')])
        assert.equal(await act(), 'UNAVAILABLE 1', 'what was written elsewhere is not there')
      await soon(() => writeOther('still the second'), 'written')
      await soon(readOthers, 'first,second,still the second')
      await using fresh = await openPostgres(severalOf(first.url, second.url))
      fresh.declare(notes)
      const seen = await fresh.read.rows({ from: 'others', select: ['text'] })
      assert.deepEqual(
        seen.map(({ text }) => text),
        others,
        'whoever starts now finds the one that leads, though it is named last',
      )
      await assert.rejects(openPostgres(severalOf(first.url, first.url)), { code: 'UNAVAILABLE' })
      address.moveTo(second.url)
      await soon(() => write('again'), 'written')
      assert.equal(await read(), acknowledged.join())

      await query(second.url, 'alter system set default_transaction_read_only = on', 'select pg_reload_conf()')
      await soon(() => write('not now'), 'UNAVAILABLE 1')
      const until = acknowledged.length
      assert.equal(await write('nor now'), 'UNAVAILABLE 1')
      await soon(read, acknowledged.join())
      await query(second.url, 'alter system reset default_transaction_read_only', 'select pg_reload_conf()')
      await soon(() => write('at last'), 'written')
      assert.equal(acknowledged.length, until + 1)
      assert.equal(await read(), acknowledged.join())
      assert.deepEqual(acknowledged.slice(0, 3), ['before', 'after', 'again'])
    } finally {
      await second.remove()
      await first.remove()
    }
  },
)

/** `postgres://postgres@127.0.0.1:5432,127.0.0.1:5433/postgres?…` */
function severalOf(one: string, other: string): string {
  const url = one.replace(new URL(one).host, `${new URL(one).host},${new URL(other).host}`)
  return `${url}?target_session_attrs=read-write`
}

function refusalOf(thrown: unknown): string {
  return isPosternError(thrown) ? `${thrown.code} ${thrown.headers['retry-after']}` : String(thrown)
}

/** A copy of a stopped server, which follows it from where it was stopped. */
function copyAsFollower(from: string, to: string, url: string): void {
  const { hostname, port } = new URL(url)
  const { uid, gid } = statSync(join(from, 'data'))
  mkdirSync(to, { recursive: true })
  const data = join(to, 'data')
  cpSync(join(from, 'data'), data, { recursive: true, preserveTimestamps: true })
  writeFileSync(join(data, 'standby.signal'), '')
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=postgres'\n`,
  )
  chmodSync(data, 0o700)
  for (const file of [data, ...readdirSync(data, { recursive: true }).map((name) => join(data, String(name)))])
    chownSync(file, uid, gid)
}

/** As its superuser, on the server itself; what the first one answers. */
async function query(url: string, ...texts: readonly string[]): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const answers = []
    for (const text of texts) answers.push((await client.query<Record<string, unknown>>(text)).rows)
    return answers[0] ?? []
  } finally {
    await client.end()
  }
}
