import { dropColumn } from '../store/ddl.ts'
import { idOf, Offenders, pagesOf } from './rows.ts'
import { changeTranslations, forgetLists, rebuildLists } from './sidelines.ts'
import { exec, misfit, type Work } from './work.ts'
import type { StepOf } from './step.ts'

/** A rename where both are there: what the old one holds goes where the new one holds nothing, and never over another value. */
export async function mergeField({ bench, before, fields, step, at }: Work<StepOf<'rename field'>>): Promise<void> {
  const { type, field, to } = step
  const table = before.name
  const clashes = new Offenders()
  const where = { column: field, is: 'ne', value: null } as const
  for await (const page of pagesOf(bench, { table, columns: [field, to], where })) {
    for (const row of page) {
      const id = idOf(row)
      if (row[to] === null) {
        await bench.run({ update: table, set: { [to]: row[field] }, where: { column: 'id', is: 'eq', value: id } })
      } else if (JSON.stringify(row[to]) !== JSON.stringify(row[field])) clashes.add(id)
    }
  }
  if (clashes.count > 0) {
    const hint = `Decide which value they keep and empty the other; or drop ${type}.${field} instead.`
    throw misfit(at, `${clashes.text()} hold one value in ${type}.${field} and another in ${to}.`, hint)
  }
  await changeTranslations(bench, { table, field }, (value) => ({ [to]: value }))
  await forgetLists(bench, { table, field })
  const shape = fields[to]
  if (shape !== undefined) await rebuildLists(bench, { table, field: to }, shape)
  await exec(bench, dropColumn({ table: before, name: field, text: '' }, bench.dialect))
}
