import type { Transaction, Workbench } from './port.ts'
import type { Table } from './table.ts'

/** Where the database remembers which tables it was given, so that schemas are compared alike on every database. */
export const keepingTable: Table = {
  name: 'postern_tables',
  columns: { name: { type: 'text' }, room: { type: 'text' }, definition: { type: 'json' } },
  primaryKey: ['name'],
}

/** What the database remembers of a table; kept columns of former versions stay in `columns`. */
export interface KeptTable {
  readonly room: string
  readonly table: Table
}

export async function keptTables({ rows }: Pick<Transaction, 'rows'>): Promise<KeptTable[]> {
  const found = await rows({ from: keepingTable.name, select: ['room', 'definition'] })
  return found.map((row) => ({ room: row['room'], table: row['definition'] }) as KeptTable)
}

export async function keepTable({ run }: Pick<Workbench, 'run'>, { room, table }: KeptTable): Promise<void> {
  const values = { name: table.name, room, definition: table }
  await run({ insert: keepingTable.name, values, onConflict: { columns: ['name'], update: ['room', 'definition'] } })
}

export async function forgetTables({ run }: Pick<Workbench, 'run'>, names: readonly string[]): Promise<void> {
  await run({ delete: keepingTable.name, where: { column: 'name', in: names } })
}
