import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { storeContract } from '../store.contract.ts'
import { storeSearch } from '../store-search.contract.ts'
import { storeEdges } from '../store-edges.contract.ts'
import { storeWalks } from '../store-walks.contract.ts'
import { storeValues } from '../store-values.contract.ts'
import { openSqlite, openSqliteReader } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-store-'))
after(() => rmSync(folder, { recursive: true, force: true }))

storeContract('SQLite', async () => openSqlite(join(folder, 'contract.db')))
storeSearch('SQLite', async () => openSqlite(join(folder, 'search.db')))
storeEdges('SQLite', async () => openSqlite(join(folder, 'edges.db')))
storeWalks('SQLite', async () => openSqlite(join(folder, 'walks.db')))
storeValues('SQLite', async () => openSqlite(join(folder, 'values.db')))

test('a reader in another place sees what was acknowledged, and cannot write', async () => {
  const file = join(folder, 'reader.db')
  const schema = {
    room: 'r',
    tables: [{ name: 'notes', columns: { id: { type: 'id' }, text: { type: 'text' } } }],
  } as const
  await using store = openSqlite(file)
  await store.migrate([schema])
  using reader = openSqliteReader(file, [schema])
  await store.write.run({ insert: 'notes', values: { text: 'hello' } })
  assert.deepEqual(await reader.read.rows({ from: 'notes', select: ['text'] }), [{ text: 'hello' }])
  assert.deepEqual(Object.keys(reader.read).toSorted(), ['count', 'first', 'rows'])
})
