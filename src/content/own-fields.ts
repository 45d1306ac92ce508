import type { Join, Row } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { ObjectType } from './object-types.ts'
import type { Parts } from './parts.ts'
import { withoutWithheld } from './seen-types.ts'

/** Puts the fields of their own tables into rows that have the shared ones: one query for each type among them. */
export async function addOwnFields(
  rows: readonly Row[],
  types: readonly ObjectType[],
  parts: Pick<Parts, 'read'>,
): Promise<void> {
  for (const type of types) {
    const mine = rows.filter((row) => row['object_type'] === type.name)
    if (mine.length === 0 || type.selectOwn.length === 1) continue
    const ids = mine.map((row) => Number(row['id']))
    const where: Predicate = { column: 't.id', in: ids }
    // What veils a field may speak of the object too.
    const joins = type.veils.size === 0 ? {} : { joins: [objectsOfType] }
    const own = await parts.read.rows({ from: type.table, as: 't', ...joins, select: type.selectOwn, where })
    const byId = new Map(own.map((row) => [row['id'], row]))
    for (const row of mine) Object.assign(row, byId.get(row['id']))
    withoutWithheld(mine, type)
  }
}

const objectsOfType: Join = { table: 'objects', as: 'o', on: { column: 'o.id', is: 'eq', other: 't.id' } }
