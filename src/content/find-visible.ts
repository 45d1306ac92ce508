import { PosternError } from '../errors/postern-error.ts'
import type { Reader } from '../store/port.ts'
import type { Actor } from './actor.ts'
import type { ObjectType } from './object-types.ts'
import type { Input, Parts } from './parts.ts'
import { identified } from './identified.ts'
import { visibleOfType, visibleOfTypes } from './visible.ts'

export interface Seen {
  readonly id: number
  readonly type: ObjectType
}

interface Looking {
  readonly parts: Parts
  readonly actor: Actor
  /** A transaction to look in; absent: the reader. */
  readonly reader?: Pick<Reader, 'first' | 'rows'>
}

/** The object that `{ type?, id }` names, as far as the actor may see it; else NOT_FOUND. */
export async function findVisible(input: Input, looking: Looking): Promise<Seen> {
  const { parts, actor, reader = parts.read } = looking
  const which = identified(input['id'])
  const row = await reader.first({ from: 'objects', as: 'o', select: ['o.id', 'o.object_type'], where: which })
  const type = parts.types.get(row?.['object_type'])
  const isOther = input['type'] !== undefined && parts.types.named(input['type']) !== type
  if (
    row === undefined ||
    type === undefined ||
    isOther ||
    (actor.system === undefined && type.rules.read === undefined)
  )
    throw missing(input['id'])
  const { where } = await visibleOfType(type, { parts, actor, right: 'read' })
  const joins = [{ table: type.table, as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } as const }]
  const seen = await reader.first({ from: 'objects', as: 'o', joins, select: ['o.id'], where: { all: [which, where] } })
  if (seen === undefined) throw missing(input['id'])
  return { id: Number(row['id']), type }
}

/** Those of the ids that the actor may see and that are of the types, with their types. */
export async function visibleAmong(
  ids: readonly number[],
  types: readonly ObjectType[],
  looking: Looking,
): Promise<Map<number, string>> {
  const { parts, actor, reader = parts.read } = looking
  if (ids.length === 0) return new Map()
  const where = await visibleOfTypes(types, { parts, actor, right: 'read' })
  const rows = await reader.rows({
    from: 'objects',
    as: 'o',
    select: ['o.id', 'o.object_type'],
    where: { all: [{ column: 'o.id', in: ids }, where] },
  })
  return new Map(rows.map((row) => [Number(row['id']), String(row['object_type'])]))
}

export function missing(id: unknown): PosternError {
  const shown = typeof id === 'number' || typeof id === 'string' ? ` ${String(id).slice(0, 100)}` : ''
  return new PosternError('NOT_FOUND', `There is no object${shown}.`)
}
