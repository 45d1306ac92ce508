import { Misfit } from '../content/field-kinds.ts'
import { addColumn, dropColumn, renameColumn } from '../store/ddl.ts'
import { oldIndexes } from '../store/migrate.ts'
import type { Row, Workbench } from '../store/port.ts'
import type { Table } from '../store/table.ts'
import { convert } from './convert.ts'
import { fillEmpty, indexNew, refuseEmpty, sharedIndexes, withoutField } from './demands.ts'
import { idOf, Offenders, pagesOf } from './rows.ts'
import { isSameKind } from './shapes.ts'
import { changeTranslations, rebuildLists } from './sidelines.ts'
import { shapeText, type StepOf } from './step.ts'
import { exec, misfit, type Work } from './work.ts'

/** Another kind, or other demands. Every value is kept, or none is touched. */
export async function changeField(work: Work<StepOf<'change field'>>): Promise<void> {
  const { bench, before, after, step } = work
  const { field, from, to } = step
  const isConverted = !isSameKind(from, to)
  if (isConverted) await convertValues(work)
  bench.declare({ room: 'content', tables: [after] })
  await fillEmpty(work, step)
  if (to.required === true) await refuseEmpty(work)
  if (isConverted || step.fill !== undefined) await rebuildLists(bench, { table: after.name, field }, to)
  await indexNew(work, isConverted ? withoutField(before, field) : before)
}

/** Into a column beside the old one, which then takes its place: alike on every database, and in one transaction. */
async function convertValues(work: Work<StepOf<'change field'>>): Promise<void> {
  const { bench, before, after, step } = work
  const { type, field, from, to } = step
  const beside = freeName(before, `${field}__new`)
  const column = after.columns[field]
  if (column === undefined) return
  const both: Table = { ...before, columns: { ...before.columns, [beside]: column } }
  bench.declare({ room: 'content', tables: [both] })
  await exec(bench, addColumn(both, beside, bench.dialect))
  const misfits = new Offenders()
  for await (const page of pagesOf(bench, { table: before.name, columns: [field], where: held(field) })) {
    const converted = await Promise.all(page.map((row) => convertRow(bench, row, step)))
    for (const { id, value } of converted) {
      if (value instanceof Misfit) misfits.add(id, value.message)
      else
        await bench.run({ update: before.name, set: { [beside]: value }, where: { column: 'id', is: 'eq', value: id } })
    }
  }
  await changeTranslations(bench, { table: before.name, field }, (value, id) => {
    const made = convert(value, to)
    if (made instanceof Misfit) misfits.add(id, made.message)
    return { [field]: made }
  })
  if (misfits.count > 0) {
    const what = `${misfits.text()} hold a value in ${type}.${field} that ${misfits.reason}`
    throw misfit(
      work.at,
      `${what}, so it cannot go from ${shapeText(from)} to ${shapeText(to)}.`,
      'Change these values first; or add a field of another name, and drop this one when nobody needs it any more.',
    )
  }
  await exec(
    bench,
    ...oldIndexes({ ...before, indexes: sharedIndexes(before, after) }, withoutField(before, field), bench.dialect),
    dropColumn({ table: before, name: field, text: '' }, bench.dialect),
    renameColumn(before, { from: beside, to: field }, bench.dialect),
  )
}

/** A field of the type may be called like that. */
function freeName(table: Table, wanted: string): string {
  return Object.hasOwn(table.columns, wanted) ? freeName(table, `${wanted}_`) : wanted
}

function held(field: string) {
  return { column: field, is: 'ne', value: null } as const
}

async function convertRow(bench: Workbench, row: Row, { field, to }: StepOf<'change field'>) {
  const id = idOf(row)
  const value = convert(row[field], to)
  if (to.kind !== 'reference' || value instanceof Misfit) return { id, value }
  const where = { column: 'id', is: 'eq', value: Number(value) } as const
  const found = await bench.rows({ from: 'objects', select: ['id'], where, limit: 1 })
  return { id, value: found.length > 0 ? value : new Misfit('names no object') }
}
