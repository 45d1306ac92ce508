import type { Among, Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import { visibleAmong } from './find-visible.ts'
import { sideOf } from './link-side.ts'
import type { Parts } from './parts.ts'
import type { TieFilter } from './query/tie-filter.ts'
import { relatedTypes } from './related-types.ts'
import { below, childrenOfAny } from './tree-walks.ts'
import { visibleOfTypes } from './visible.ts'

/** Objects that are tied to one of those asked for. What the actor may not see ties nothing: a filter shows no more than reading. */
export async function tied(filter: TieFilter, { parts, actor }: { parts: Parts; actor: Actor }): Promise<Predicate> {
  const { by, ids, below: deeper } = filter
  const types = typeof by === 'string' || deeper ? parts.types.all : relatedTypes(parts.types, by)
  const seen = [...(await visibleAmong(ids, types, { parts, actor })).keys()]
  if (by === 'ancestor') return below(seen, { parts, actor })
  if (by === 'parent') return childrenOfAny(seen, { parts, actor })
  const { own, other } = sideOf(by)
  const one: Predicate = { column: `x.${other}`, in: seen }
  const where: Predicate[] = [{ column: 'x.name', is: 'eq', value: by.key }]
  if (deeper) where.push({ any: [one, { column: `x.${other}`, among: await seenBelow(seen, { parts, actor }) }] })
  else where.push(one)
  return { column: 'o.id', among: { from: 'links', as: 'x', select: `x.${own}`, where: { all: where } } }
}

/** What lies below these and may be seen. */
async function seenBelow(ids: readonly number[], by: { parts: Parts; actor: Actor }): Promise<Among> {
  const visible = await visibleOfTypes(by.parts.types.all, { ...by, right: 'read', elsewhere: true })
  return { from: 'objects', as: 'o', select: 'o.id', where: { all: [await below(ids, by), visible] } }
}
