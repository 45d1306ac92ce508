import { typeTable } from '../content/tables.ts'
import { forgetWords } from '../content/word-index.ts'
import type { Place } from '../errors/postern-error.ts'
import { addColumn, createTable, dropColumn, dropTable, renameColumn } from '../store/ddl.ts'
import { forgetTables, keepTable, type KeptTable } from '../store/keeping.ts'
import { oldIndexes } from '../store/migrate.ts'
import type { Workbench } from '../store/port.ts'
import type { Table } from '../store/table.ts'
import { changeField } from './change-field.ts'
import { fillEmpty, indexNew, refuseEmpty } from './demands.ts'
import { mergeField } from './merge-field.ts'
import { renameType } from './rename-type.ts'
import { idOf, pagesOf } from './rows.ts'
import { tableName, type Shapes } from './shapes.ts'
import { changeTranslations, forgetLists, rebuildLists, renameLists } from './sidelines.ts'
import { after } from './standing.ts'
import type { TypeStep, StepOf } from './step.ts'
import { exec, type Work } from './work.ts'

export interface Database {
  readonly bench: Workbench
  readonly kept: readonly KeptTable[]
  readonly shapes: Shapes
}

/** Takes one step that is due. Refuses (MIGRATION_MISFIT) what rows do not allow; the caller's transaction then leaves nothing. */
export async function performStep({ bench, kept, shapes }: Database, step: TypeStep, at: Place): Promise<void> {
  const name = tableName(step.type)
  const before = kept.find(({ table }) => table.name === name)?.table
  if (step.do === 'drop type') return dropType(bench, step.type, before)
  if (step.do === 'rename type') return renameType({ bench, kept }, step, at)
  const fields = after(step, shapes).get(step.type) ?? {}
  const wanted = typeTable({ table: name, fields })
  if (before === undefined) await exec(bench, createTable(wanted, bench.dialect))
  else await changeTable({ bench, step, before, after: wanted, fields, at })
  bench.declare({ room: 'content', tables: [wanted] })
  await keepTable(bench, { room: 'content', table: wanted })
}

async function changeTable(work: Work): Promise<void> {
  const { bench, before, step } = work
  bench.declare({ room: 'content', tables: [before] })
  await exec(bench, ...oldIndexes(before, work.after, bench.dialect))
  switch (step.do) {
    case 'add type':
      return addFields(work)
    case 'add field':
      return addField({ ...work, step })
    case 'change field':
      return changeField({ ...work, step })
    case 'rename field':
      return renameField({ ...work, step })
    case 'drop field':
      return dropField({ ...work, step })
    case 'rename type':
    case 'drop type':
      return undefined
  }
}

/** What the type that is there already lacks. */
async function addFields(work: Work): Promise<void> {
  const { bench, before } = work
  const missing = Object.keys(work.after.columns).filter((name) => !Object.hasOwn(before.columns, name))
  await exec(bench, ...missing.map((name) => addColumn(work.after, name, bench.dialect)))
  await indexNew(work, before)
}

async function addField(work: Work<StepOf<'add field'>>): Promise<void> {
  const { bench, step } = work
  await exec(bench, addColumn(work.after, step.field, bench.dialect))
  bench.declare({ room: 'content', tables: [work.after] })
  await fillEmpty(work, step)
  if (step.as.required === true) await refuseEmpty(work)
  if (step.fill !== undefined) await rebuildLists(bench, { table: work.after.name, field: step.field }, step.as)
  await indexNew(work, work.before)
}

async function renameField(work: Work<StepOf<'rename field'>>): Promise<void> {
  const { bench, before, step } = work
  const { field, to } = step
  const table = before.name
  if (Object.hasOwn(before.columns, to)) return mergeField(work)
  await exec(bench, renameColumn(before, { from: field, to }, bench.dialect))
  await renameLists(bench, { table, field }, to)
  await changeTranslations(bench, { table, field }, (value) => ({ [to]: value }))
  await indexNew(work, before)
}

async function dropField({ bench, before, step }: Work<StepOf<'drop field'>>): Promise<void> {
  const at = { table: before.name, field: step.field }
  await forgetLists(bench, at)
  await changeTranslations(bench, at, () => ({}))
  await exec(bench, dropColumn({ table: before, name: step.field, text: '' }, bench.dialect))
}

/** With its objects, which nobody could see any more. */
async function dropType(bench: Workbench, type: string, table: Table | undefined): Promise<void> {
  if (table === undefined) return
  for await (const page of pagesOf(bench, { table: table.name, columns: [] })) {
    const ids = page.map(idOf)
    for (const id of ids) await forgetWords(bench, id)
    await bench.run({ delete: 'objects', where: { column: 'id', in: ids } })
  }
  await exec(bench, dropTable(table, bench.dialect))
  await forgetTables(bench, [table.name])
  await bench.run({ delete: 'content_facts', where: { column: 'name', is: 'eq', value: `searched ${type}` } })
}
