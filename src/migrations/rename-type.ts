import { readKept, writeKept } from '../content/kept-guards.ts'
import type { Place } from '../errors/postern-error.ts'
import { dropTable, renameTable } from '../store/ddl.ts'
import { forgetTables, keepTable, type KeptTable } from '../store/keeping.ts'
import { newIndexes, oldIndexes } from '../store/migrate.ts'
import type { SelectPlan, Workbench } from '../store/port.ts'
import type { Table } from '../store/table.ts'
import { tableName } from './shapes.ts'
import type { StepOf } from './step.ts'
import { exec, misfit } from './work.ts'

interface Kept {
  readonly bench: Workbench
  readonly kept: readonly KeptTable[]
}

/**
 * Objects keep their ids, their fields and their ties; only what names their type changes. Their words begin with a mark of
 * the type, and are indexed anew when the site is opened. What was done before stays in the outbox as it was told.
 */
export async function renameType({ bench, kept }: Kept, step: StepOf<'rename type'>, at: Place): Promise<void> {
  const [before, made] = [step.type, step.to].map((type) => kept.find(({ table }) => table.name === tableName(type)))
  if (before === undefined) return
  if (made !== undefined) await giveWay(bench, { table: made.table, type: step.to, at })
  const { table: old } = before
  const table: Table = { ...old, name: tableName(step.to) }
  await exec(bench, ...oldIndexes(old, table, bench.dialect))
  await exec(bench, renameTable(old, table.name, bench.dialect), ...newIndexes(old, table, bench.dialect))
  bench.declare({ room: 'content', tables: [table] })
  await keepTable(bench, { room: 'content', table })
  await forgetTables(bench, [old.name])
  await nameAnew(bench, step)
}

/** A table of the new name that nobody put anything into. */
async function giveWay(
  bench: Workbench,
  { table, type, at }: { table: Table; type: string; at: Place },
): Promise<void> {
  bench.declare({ room: 'content', tables: [table] })
  const [used] = await bench.rows({ from: table.name, select: ['id'], limit: 1 })
  if (used !== undefined) throw misfit(at, `There are objects of ${type} already.`, `Purge them, or keep both types.`)
  await exec(bench, dropTable(table, bench.dialect))
}

async function nameAnew(bench: Workbench, { type, to }: StepOf<'rename type'>): Promise<void> {
  const of = (column: string) => ({ column, is: 'eq', value: type }) as const
  await bench.run({ update: 'objects', set: { object_type: to }, where: of('object_type') })
  await bench.run({ update: 'tree_guards', set: { guard_type: to }, where: of('guard_type') })
  const searched = [type, to].map((name) => `searched ${name}`)
  await bench.run({ delete: 'content_facts', where: { column: 'name', in: searched } })
  const first = async (plan: SelectPlan) => (await bench.rows({ ...plan, limit: 1 }))[0]
  const guards = await readKept({ first })
  if (guards === undefined) return
  const named = (names: readonly string[]): string[] => [...new Set(names.map((name) => (name === type ? to : name)))]
  await writeKept(bench, { guards: named(guards.guards), sections: named(guards.sections) })
}
