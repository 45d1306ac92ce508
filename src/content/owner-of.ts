import type { OwnerRule } from '../endpoint/rule.ts'
import { comparableValue, isComparable, Misfit } from './field-kinds.ts'
import { columnFor, fieldOf } from './object-types.ts'
import type { Parts } from './parts.ts'

/** See `ContentRoom.ownerOf`. Text is read as the field's kind, so that `007` is no id 7 and `''` matches nothing numeric. */
export async function ownerOf(
  parts: Pick<Parts, 'types' | 'read'>,
  owner: Pick<OwnerRule, 'type' | 'by'>,
  value: unknown,
): Promise<number | null | undefined> {
  const type = parts.types.get(owner.type)
  const field = fieldOf(type, owner.by)
  if (type === undefined || field === undefined || !isComparable(field)) return undefined
  const parsed = comparableValue(field, value)
  if (parsed instanceof Misfit) return undefined
  if (typeof parsed === 'number' && String(parsed) !== String(value)) return undefined
  const row = await parts.read.first({
    from: 'objects',
    as: 'o',
    joins: [{ table: type.table, as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } }],
    select: ['o.owner'],
    where: {
      all: [
        { column: 'o.object_type', is: 'eq', value: type.name },
        { column: 'o.trashed', is: 'eq', value: null },
        { column: columnFor(owner.by), is: 'eq', value: parsed },
      ],
    },
    order: [{ column: 'o.id' }],
  })
  return row === undefined ? undefined : asOwner(row['owner'])
}

function asOwner(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
