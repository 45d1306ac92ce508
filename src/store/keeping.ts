import type { Table } from './table.ts'

/** Where the database remembers which tables it was given, so that schemas are compared alike on every database. */
export const keepingTable: Table = {
  name: 'postern_tables',
  columns: { name: { type: 'text' }, room: { type: 'text' }, definition: { type: 'json' } },
  primaryKey: ['name'],
}
