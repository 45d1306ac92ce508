import type { Column, Schema, Table } from '../../src/store/table.ts'

const text: Column = { type: 'text', nullable: true }

function table(name: string, columns: readonly string[]): Table {
  const own = Object.fromEntries(columns.map((column) => [column, text]))
  return { name, columns: { id: { type: 'id' }, ...own }, indexes: columns.map((column) => ({ columns: [column] })) }
}

/** Two shapes of a database that differ in many steps: columns, indexes and whole tables. */
export const shapes: readonly Schema[] = [
  { room: 'shapes', tables: [table('a', ['one', 'two']), table('b', ['one', 'two', 'three'])] },
  {
    room: 'shapes',
    tables: [
      table('a', ['one', 'two', 'three', 'four', 'five']),
      table('b', ['one']),
      table('c', ['one', 'two']),
      table('d', []),
    ],
  },
]

/** What those steps lose, and may. */
export const allowed: readonly string[] = [
  'drop column a.three',
  'drop column a.four',
  'drop column a.five',
  'drop column b.two',
  'drop column b.three',
  'drop table c',
  'drop table d',
]

/** The columns of each table, as a database tells them. */
export function columnsIn({ tables }: Schema): Record<string, string[]> {
  return Object.fromEntries(tables.map(({ name, columns }) => [name, Object.keys(columns).toSorted()]))
}
