/** What is kept of fields outside their type's table: the rows by which lists are found, and texts in other languages. */
import { isList, Misfit } from '../content/field-kinds.ts'
import type { FieldShape } from '../content/field-shape.ts'
import { writeLists } from '../content/write-lists.ts'
import type { Row, Workbench } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { idOf, pagesOf } from './rows.ts'

interface FieldOfTable {
  readonly table: string
  readonly field: string
}

function isListed(shape: FieldShape): boolean {
  return isList(shape) || shape.kind === 'accessList'
}

export async function forgetLists({ run }: Workbench, { table, field }: FieldOfTable): Promise<void> {
  const where = entriesOf({ table, field })
  await run({ delete: 'list_entries', where })
  await run({ delete: 'access_entries', where })
}

/** The lists of a field under another name. */
export async function renameLists({ run }: Workbench, { table, field }: FieldOfTable, to: string): Promise<void> {
  const where = entriesOf({ table, field })
  await run({ update: 'list_entries', set: { field: to }, where })
  await run({ update: 'access_entries', set: { field: to }, where })
}

/** Writes the rows of a list anew, by what its column now holds. */
export async function rebuildLists(bench: Workbench, at: FieldOfTable, shape: FieldShape): Promise<void> {
  await forgetLists(bench, at)
  if (!isListed(shape)) return
  const type = { fields: { [at.field]: shape } }
  const where: Predicate = { column: at.field, is: 'ne', value: null }
  for await (const page of pagesOf(bench, { table: at.table, columns: [at.field], where })) {
    for (const row of page) await writeLists(bench, { type, own: { [at.field]: row[at.field] }, id: idOf(row) })
  }
}

/** Makes something else of a field in every language: `change` gets its values and returns them under the names they shall have. */
export async function changeTranslations(
  bench: Workbench,
  { table, field }: FieldOfTable,
  change: (value: unknown, id: number) => Row,
): Promise<void> {
  for await (const page of pagesOf(bench, { table, columns: [] })) {
    const where: Predicate = { column: 'object_id', in: page.map(idOf) }
    const rows = await bench.rows({ from: 'translations', select: ['object_id', 'lang', 'fields'], where })
    for (const row of rows) {
      const { [field]: value, ...others } = row['fields'] as Row
      if (value === undefined) continue
      const id = Number(row['object_id'])
      const one: Predicate = {
        all: [
          { column: 'object_id', is: 'eq', value: id },
          { column: 'lang', is: 'eq', value: String(row['lang']) },
        ],
      }
      const made = change(value, id)
      if (Object.values(made).some((part) => part instanceof Misfit)) continue
      await bench.run({ update: 'translations', set: { fields: { ...made, ...others } }, where: one })
    }
  }
}

function entriesOf({ table, field }: FieldOfTable): Predicate {
  const among = { from: table, as: 't', select: 't.id', where: true }
  return {
    all: [
      { column: 'field', is: 'eq', value: field },
      { column: 'object_id', among },
    ],
  }
}
