import type { Among, Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import { visibleAmong } from './find-visible.ts'
import { sideOf } from './link-side.ts'
import type { Parts } from './parts.ts'
import type { TieFilter } from './query/tie-filter.ts'
import { relatedTypes } from './related-types.ts'
import { below, childrenOfAny, withAllBelow } from './tree-walks.ts'
import { visibleOfTypes } from './visible.ts'

/** Objects that are tied to one of those asked for. What the actor may not see ties nothing: a filter shows no more than reading. */
export async function tied(filter: TieFilter, { parts, actor }: { parts: Parts; actor: Actor }): Promise<Predicate> {
  const { by, ids, below: deeper } = filter
  const types = typeof by === 'string' || deeper ? parts.types.all : relatedTypes(parts.types, by)
  const seen = [...(await visibleAmong(ids, types, { parts, actor })).keys()]
  if (by === 'ancestor') return below(seen, { parts, actor })
  if (by === 'parent') return childrenOfAny(seen, { parts, actor })
  const { own, other } = sideOf(by)
  const sought: Predicate = deeper
    ? { column: `x.${other}`, among: await seenIn(seen, { parts, actor }) }
    : { column: `x.${other}`, in: seen }
  const where: Predicate = { all: [{ column: 'x.name', is: 'eq', value: by.key }, sought] }
  return { column: 'o.id', among: { from: 'links', as: 'x', select: `x.${own}`, where } }
}

/** These, and what lies below them and may be seen. The walk leads there, and is narrowed where rules of sections hold. */
async function seenIn(ids: readonly number[], by: { parts: Parts; actor: Actor }): Promise<Among> {
  const visible = await visibleOfTypes(by.parts.types.all, { ...by, right: 'read', elsewhere: true })
  const all: Predicate[] = [withAllBelow('o.id', ids), visible]
  if (by.parts.types.guards.length > 0) all.push({ any: [{ column: 'o.id', in: ids }, await below(ids, by)] })
  return { from: 'objects', as: 'o', select: 'o.id', where: { all } }
}
