import { keptTables } from '../store/keeping.ts'
import type { Workbench } from '../store/port.ts'
import type { Schema } from '../store/table.ts'

/** Which files a database was given. */
export const recordsSchema: Schema = {
  room: 'migrations',
  tables: [
    {
      name: 'postern_migrations',
      columns: { name: { type: 'text' }, checksum: { type: 'text' }, at: { type: 'text' } },
      primaryKey: ['name'],
    },
  ],
}

const table = 'postern_migrations'

/** Checksums by name; none where the database was never given a file. */
export async function recordsIn(bench: Pick<Workbench, 'rows'>): Promise<ReadonlyMap<string, string>> {
  const kept = await keptTables(bench)
  if (!kept.some((entry) => entry.table.name === table)) return new Map()
  const rows = await bench.rows({ from: table, select: ['name', 'checksum'], order: [{ column: 'name' }] })
  return new Map(rows.map((row) => [String(row['name']), String(row['checksum'])]))
}

export async function record(
  bench: Pick<Workbench, 'run'>,
  file: { readonly name: string; readonly checksum: string },
): Promise<void> {
  const values = { name: file.name, checksum: file.checksum, at: new Date().toISOString() }
  await bench.run({ insert: table, values })
}
