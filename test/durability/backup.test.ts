import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { backupStore, restoreStore } from '../../src/store/backup.ts'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import type { Row, Store } from '../../src/store/port.ts'
import type { Schema } from '../../src/store/table.ts'
import { createTestDatabase } from '../postgres/test-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-backup-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The first column refers to a table whose name comes later, so order matters. */
const schema: Schema = {
  room: 'kept',
  tables: [
    {
      name: 'works',
      columns: {
        id: { type: 'id' },
        title: { type: 'text' },
        json: { type: 'json', nullable: true },
        bytes: { type: 'bytes', nullable: true },
        number: { type: 'number', nullable: true },
        flag: { type: 'boolean', nullable: true },
      },
      indexes: [{ columns: ['title'], unique: true }],
    },
    { name: 'work_words', columns: {}, search: ['title', 'body'] },
    {
      name: 'copies',
      columns: {
        id: { type: 'id' },
        work: { type: 'integer', references: { table: 'works', column: 'id', onDelete: 'cascade' } },
      },
    },
  ],
}

const odd: Row = {
  title: 'odd "\n🦆',
  json: { $bytes: 'AA==' },
  bytes: Uint8Array.of(0, 255, 10),
  number: 0.1,
  flag: false,
}

const nested = { a: [null, '\u0000', { $bytes: 'AA==' }], $bytes: 'AA==' }

const places: Record<string, () => Promise<StoreLocation & AsyncDisposable>> = {
  SQLite: async () => ({
    file: join(mkdtempSync(join(folder, 'site-')), 'site.db'),
    [Symbol.asyncDispose]: async () => {},
  }),
  PostgreSQL: async () => {
    const database = await createTestDatabase()
    return { url: database.url, file: '', [Symbol.asyncDispose]: () => database.drop() }
  },
}

test('R26 a backup of SQLite goes to where there is no folder yet, and is not mixed with the log of a file that is gone', async () => {
  const location = { file: join(mkdtempSync(join(folder, 'killed-')), 'site.db') }
  const { file } = location
  const kept = join(folder, 'kept')
  {
    await using store = await opened(location)
    await write(store, 'kept', 3)
    await backupStore(location, kept)
    await write(store, 'later', 3)
    // What is left where the server was killed.
    for (const left of ['-wal', '-shm']) copyFileSync(file + left, `${file}.killed${left}`)
  }
  rmSync(file)
  for (const left of ['-wal', '-shm']) renameSync(`${file}.killed${left}`, file + left)
  const elsewhere = { file: join(folder, 'new machine', 'data', 'site.db') }
  for (const place of [location, elsewhere]) {
    assert.deepEqual(await restoreStore(place, kept), { kept: undefined })
    await using store = await opened(place)
    assert.deepEqual(await titles(store, '%'), ['kept 0', 'kept 1', 'kept 2'])
    assert.deepEqual(
      readdirSync(dirname(place.file)).filter((found) => found.includes('.part')),
      [],
    )
  }
})

for (const [name, place] of Object.entries(places)) {
  describe(`a backup of ${name}`, () => {
    test('R26 is taken under writers, holds all that was acknowledged before, and is restored under readers', async () => {
      await using location = await place()
      await using store = await opened(location)
      const { rows } = await store.write.run({ insert: 'works', values: odd, returning: ['id'] })
      await store.write.run({ insert: 'copies', values: { work: rows[0]?.['id'] } })
      await store.write.run({
        insert: 'work_words',
        values: { rowid: rows[0]?.['id'], title: 'odd duck', body: 'it s' },
      })
      await store.write.run({ insert: 'works', values: { title: 'json', json: nested } })
      await write(store, 'before', 500)
      const busy = keepWriting(store)
      const file = join(folder, `${name}-full`)
      const before = await titles(store, '%')
      const report = await backupStore(location, file)
      const written = await busy.stop()
      assert.ok(report.bytes > 1000)
      assert.ok(written > 10, `writers went on (${written})`)
      const last = await store.write.run({ insert: 'works', values: { title: 'last' }, returning: ['id'] })
      await store.write.run({ delete: 'works', where: { column: 'title', like: 'before%' } })
      await store.write.run({
        delete: 'work_words',
        where: { column: 'rowid', is: 'eq', value: Number(rows[0]?.['id']) },
      })

      const { kept } = await restoreStore(location, file)

      const after_ = await titles(store, '%')
      assert.deepEqual(
        before.filter((title) => !after_.includes(title)),
        [],
        'all that was acknowledged before',
      )
      assert.equal(after_.includes('last'), false)
      const where = { column: 'title', is: 'eq', value: String(odd['title']) } as const
      assert.deepEqual(await store.read.first({ from: 'works', select: Object.keys(odd), where }), odd)
      const json = { column: 'title', is: 'eq', value: 'json' } as const
      assert.deepEqual((await store.read.first({ from: 'works', select: ['json'], where: json }))?.['json'], nested)
      assert.equal(await store.read.count({ from: 'copies', select: [] }), 1)
      const matches = { index: 'work_words', words: 'duc* odd' }
      assert.equal(await store.read.count({ from: 'works', select: [], where: { column: 'id', matches } }), 1)
      await assert.rejects(store.write.run({ insert: 'works', values: odd }), { code: 'CONFLICT' })
      await assert.rejects(store.write.run({ insert: 'copies', values: { work: 1e9 } }), { code: 'CONFLICT' })
      const next = await store.write.run({ insert: 'works', values: { title: 'next' }, returning: ['id'] })
      assert.ok(Number(next.rows[0]?.['id']) > before.length, 'ids go on')

      assert.ok(kept !== undefined, 'what was replaced is kept')
      await restoreStore(location, kept)
      assert.equal((await titles(store, 'last')).length, 1)
      assert.equal((await titles(store, 'before%')).length, 0)
      const again = await store.write.run({ insert: 'works', values: { title: 'again' }, returning: ['id'] })
      assert.ok(Number(again.rows[0]?.['id']) > Number(last.rows[0]?.['id']), 'no id is given again')
    })

    test('goes into an empty place too, and keeps ids of what is gone', async () => {
      await using location = await place()
      const file = join(folder, `${name}-moved`)
      {
        await using store = await opened(location)
        await write(store, 'x', 10)
        await store.write.run({ delete: 'works', where: true })
        await backupStore(location, file)
      }
      await using elsewhere = await place()
      assert.deepEqual(await restoreStore(elsewhere, file), { kept: undefined })
      await using store = await opened(elsewhere)
      const { rows } = await store.write.run({ insert: 'works', values: { title: 'new' }, returning: ['id'] })
      assert.equal(rows[0]?.['id'], 11)
    })

    test('is never written over another, and leaves nothing half-done', async () => {
      await using location = await place()
      await using _store = await opened(location)
      const file = join(folder, `${name}-once`)
      await backupStore(location, file)
      const bytes = readFileSync(file)
      await assert.rejects(backupStore(location, file), { code: 'BAD_BACKUP' })
      assert.deepEqual(readFileSync(file), bytes)
      assert.deepEqual(
        readdirSync(folder).filter((found) => found.endsWith('.part')),
        [],
      )
    })

    test('that is broken is refused, and nothing is changed', async () => {
      await using location = await place()
      await using store = await opened(location)
      await write(store, 'there', 200)
      const good = join(folder, `${name}-good`)
      await backupStore(location, good)
      const bytes = readFileSync(good)
      const middle = Buffer.from(bytes)
      middle.fill(0xa5, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2))
      const broken = [Buffer.alloc(0), Buffer.from('hello'), bytes.subarray(0, Math.floor(bytes.length / 2)), middle]
      for (const [index, content] of broken.entries()) {
        const file = join(folder, `${name}-broken-${index}`)
        writeFileSync(file, content)
        await assert.rejects(restoreStore(location, file), { code: 'BAD_BACKUP' }, `broken in way ${index}`)
      }
      await assert.rejects(restoreStore(location, join(folder, 'absent')), { code: 'BAD_BACKUP' })
      assert.equal((await titles(store, 'there%')).length, 200)
    })
  })
}

async function opened(location: StoreLocation): Promise<Store> {
  const store = await openStore(location)
  await store.migrate([schema])
  return store
}

async function write(store: Store, prefix: string, count: number): Promise<void> {
  const values = Array.from({ length: count }, (_, index) => ({ title: `${prefix} ${index}` }))
  await store.write.run({ insert: 'works', values })
}

/** Eight writers; `stop` resolves to how many writes they did. */
function keepWriting(store: Store): { stop: () => Promise<number> } {
  let isOver = false
  let count = 0
  const writer = async (): Promise<void> => {
    while (!isOver) {
      await store.write.run({ insert: 'works', values: { title: `busy ${count++}` } })
    }
  }
  const all = Promise.all(Array.from({ length: 8 }, writer))
  return {
    stop: async () => {
      isOver = true
      await all
      return count
    },
  }
}

async function titles(store: Store, like: string): Promise<string[]> {
  const rows = await store.read.rows({ from: 'works', select: ['title'], where: { column: 'title', like } })
  return rows.map((row) => String(row['title']))
}
