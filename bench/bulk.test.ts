/** What the benchmarks write in bulk must be what the content room would have written, or they measure another database. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { newFolder } from './harness/contenders.ts'
import { fillWith } from './harness/fill.ts'

const tables = ['objects', 'type_article', 'type_note', 'links', 'outbox', 'access_entries', 'list_entries', 'tree']
const times = new Set(['created', 'modified', 'at'])

test('objects written in bulk are those that the room writes, with the same words', async () => {
  const folders = [newFolder(), newFolder()]
  try {
    const [room = [], bulk = []] = await Promise.all(
      folders.map(async (folder, index) => {
        await fillWith(folder, 40, { say: () => {}, byRoom: index === 0 ? 40 : 15 })
        return kept(join(folder, 'postern.sqlite'))
      }),
    )
    assert.deepEqual(bulk, room)
    assert.ok(room.length > 40 * 60, 'forty objects, their links and every one of their words')
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
})

/** Every row, but for the moments at which it was written, and every word of every object. */
function kept(file: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true })
  const rows = tables.flatMap((table) => database.prepare(`select '${table}', * from ${table}`).all())
  for (const index of ['object_words', 'object_pieces']) {
    database.exec(`create virtual table temp.${index}_found using fts5vocab(main, ${index}, instance)`)
    rows.push(...database.prepare(`select term, doc, col from temp.${index}_found`).all())
  }
  return rows.map((row) => JSON.stringify(Object.entries(row).filter(([name]) => !times.has(name)))).sort()
}
