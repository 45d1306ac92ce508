import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { schemaOf } from '../../src/content/room.ts'
import { applyFiles } from '../../src/migrations/apply.ts'
import { readState } from '../../src/migrations/state.ts'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import type { Store } from '../../src/store/port.ts'
import { createTestDatabase } from '../postgres/test-database.ts'
import { killMidway } from './kill-midway.ts'
import { bookAfter, filesUpTo, typesNow } from './turning-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-applied-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const books = 120

test('R22 kill -9 in the middle of a file on SQLite leaves what was before it or what comes after, with every value', async () => {
  await killOften({ file: join(folder, 'books.db') }, 4)
})

test('R22 kill -9 in the middle of a file on PostgreSQL leaves what was before it or what comes after, with every value', async () => {
  await using database = await createTestDatabase()
  await killOften({ url: database.url, file: '' }, 3)
})

test('R22 nodes that start at once apply each file once', async () => {
  await using database = await createTestDatabase()
  for (const location of [{ file: join(folder, 'nodes.db') }, { url: database.url, file: '' }]) {
    const nodes = await Promise.all([1, 2, 3, 4].map(() => openStore(location)))
    await fillStore(nodes[0] ?? assert.fail('a node'))
    const done = await Promise.all(nodes.map((node) => applyFiles(node, { types: typesNow, files: filesUpTo(3) })))
    assert.deepEqual(
      done.flatMap((files) => files.map(({ name }) => name)).toSorted(),
      filesUpTo(3).map(({ name }) => name),
    )
    await judge(nodes[1] ?? assert.fail('a node'), 3)
    await Promise.all(nodes.map((node) => node.close()))
  }
})

async function killOften(location: StoreLocation, times: number): Promise<void> {
  const first = await openStore(location)
  await fillStore(first)
  await first.close()
  for (let time = 0; time < times; time++) {
    await killMidway('apply-until-killed.ts', location)
    await using store = await openStore(location)
    // The server may still be busy with what it was told last: the lock says when it has come to its end.
    const count = await store.reshape(
      async (bench) => (await readState(bench, { types: typesNow, files: [] })).applied.size,
    )
    await judge(store, count)
  }
}

async function fillStore(store: Store): Promise<void> {
  await store.migrate([{ room: 'accounts', tables: [] }])
  await applyFiles(store, { types: typesNow, files: [] })
  const at = { status: 'on', created: '2026', modified: '2026', version: 1, object_type: 'book' }
  const numbers = Array.from({ length: books }, (_, index) => index + 1)
  await store.write.transaction(async ({ run }) => {
    await run({ insert: 'objects', values: numbers.map((id) => ({ id, slug: `s${id}`, ...at })) })
    await run({ insert: 'type_book', values: numbers.map((id) => ({ id, ...bookAfter(0, id) })) })
  })
}

/** The columns that the recorded files leave, no others, and in them every value. */
async function judge(store: Store, count: number): Promise<void> {
  const expected = bookAfter(count, 1)
  const { shapes } = await readState(store.read, { types: typesNow, files: [] })
  assert.deepEqual(Object.keys(shapes.get('book') ?? {}).toSorted(), Object.keys(expected).toSorted())
  store.declare(schemaOf([]))
  const select = Object.keys(expected)
  const rows = await store.read.rows({ from: 'type_book', select, order: [{ column: 'id' }] })
  assert.deepEqual(
    rows,
    Array.from({ length: books }, (_, index) => bookAfter(count, index + 1)),
  )
  await assert.rejects(async () => store.read.rows({ from: 'type_book', select: [count % 2 === 0 ? 'two' : 'one'] }))
  await assert.rejects(async () => store.read.rows({ from: 'type_book', select: ['pages__new'] }))
}
