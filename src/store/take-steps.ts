import { createTable } from './ddl.ts'
import { forgetTables, keepingTable, keepTable, keptTables } from './keeping.ts'
import { keptAfter, planSteps, sortSteps } from './migrate.ts'
import type { MigrateOptions, MigrationReport, Workbench } from './port.ts'
import type { Schema } from './table.ts'

/** All steps in one transaction: a stop in the middle leaves the database as it was. `keepingTable` must be declared. */
export async function takeSteps(
  bench: Workbench,
  schemas: readonly Schema[],
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  if (!(await bench.hasTable(keepingTable.name))) {
    for (const text of createTable(keepingTable, bench.dialect).sql) await bench.exec(text)
  }
  const kept = await keptTables(bench)
  const { taken, report } = sortSteps(planSteps(kept, schemas, bench.dialect), options)
  if (options.dryRun === true) return report
  for (const text of taken.flatMap((step) => step.sql)) await bench.exec(text)
  for (const entry of keptAfter(kept, schemas, report.withheld)) await keepTable(bench, entry)
  const dropped = taken.map((step) => /^drop table (.+)$/.exec(step.text)?.[1]).filter((name) => name !== undefined)
  await forgetTables(bench, dropped)
  return report
}
