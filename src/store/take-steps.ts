import { createTable } from './ddl.ts'
import type { Dialect } from './dialect.ts'
import { keepingTable } from './keeping.ts'
import { keptAfter, planSteps, sortSteps, type KeptTable } from './migrate.ts'
import type { MigrateOptions, MigrationReport, Transaction } from './port.ts'
import type { Schema } from './table.ts'

/** A transaction in which the shape of the database is changed too. */
export interface Workbench extends Pick<Transaction, 'rows' | 'run'> {
  readonly dialect: Dialect
  readonly exec: (sql: string) => Promise<void>
  readonly hasTable: (name: string) => Promise<boolean>
}

/** All steps in one transaction: a stop in the middle leaves the database as it was. `keepingTable` must be declared. */
export async function takeSteps(
  bench: Workbench,
  schemas: readonly Schema[],
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  if (!(await bench.hasTable(keepingTable.name))) {
    for (const text of createTable(keepingTable, bench.dialect).sql) await bench.exec(text)
  }
  const rows = await bench.rows({ from: keepingTable.name, select: ['room', 'definition'] })
  const kept = rows.map((row) => ({ room: row['room'], table: row['definition'] }) as KeptTable)
  const { taken, report } = sortSteps(planSteps(kept, schemas, bench.dialect), options)
  if (options.dryRun === true) return report
  for (const text of taken.flatMap((step) => step.sql)) await bench.exec(text)
  for (const { room, table } of keptAfter(kept, schemas, report.withheld)) {
    const values = { name: table.name, room, definition: table }
    const onConflict = { columns: ['name'], update: ['room', 'definition'] }
    await bench.run({ insert: keepingTable.name, values, onConflict })
  }
  const dropped = taken.map((step) => /^drop table (.+)$/.exec(step.text)?.[1]).filter((name) => name !== undefined)
  await bench.run({ delete: keepingTable.name, where: { column: 'name', in: dropped } })
  return report
}
