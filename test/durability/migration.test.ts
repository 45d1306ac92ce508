import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import { createTestDatabase } from '../postgres/test-database.ts'
import { killMidway } from './kill-midway.ts'
import { columnsIn, shapes } from './shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-migration-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const wanted = shapes.map((shape) => JSON.stringify(columnsIn(shape)))

test('R22 kill -9 in the middle of a migration of SQLite leaves what was before or what comes after', async () => {
  const location = { file: join(folder, 'shapes.db') }
  await killOften(location, 8, async () => {
    const database = new DatabaseSync(location.file)
    const sql = `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
      where m.type = 'table' and m.name not like 'sqlite%' and m.name not like 'postern%'`
    const rows = database.prepare(sql).all()
    database.close()
    return rows
  })
})

test('R22 kill -9 in the middle of a migration of PostgreSQL leaves what was before or what comes after', async () => {
  await using database = await createTestDatabase()
  await killOften({ url: database.url, file: '' }, 5, () => {
    // The server may still be busy with what it was told last: the lock says when it has come to its end.
    const turn = 'begin; select pg_advisory_xact_lock(1886352242, hashtext(current_schema())); commit'
    const sql = `select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema = 'public' and table_name not like 'postern%'`
    return database.query(`${turn}; ${sql}`)
  })
})

type Look = () => Promise<readonly Record<string, unknown>[]>

async function killOften(location: StoreLocation, times: number, look: Look): Promise<void> {
  const seen = new Set<string>()
  for (let time = 0; time < times; time++) {
    await killMidway('migrate-until-killed.ts', location)
    const found = JSON.stringify(grouped(await look()))
    assert.ok(wanted.includes(found), `neither before nor after: ${found}`)
    seen.add(found)
    await using store = await openStore(location)
    const steps = await Promise.all(shapes.map((shape) => store.migrate([shape], { dryRun: true })))
    const here = steps[wanted.indexOf(found)]
    assert.deepEqual(here, { taken: [], withheld: [] }, 'what it remembers is what is there')
  }
  assert.ok(seen.size > 0)
}

function grouped(rows: readonly Record<string, unknown>[]): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const row of rows) (found[String(row['table'])] ??= []).push(String(row['column']))
  const tables = Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(tables.map(([name, columns]) => [name, columns.toSorted()]))
}
