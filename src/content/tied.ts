import type { Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import { visibleAmong } from './find-visible.ts'
import { sideOf } from './link-side.ts'
import type { Parts } from './parts.ts'
import type { TieFilter } from './query/tie-filter.ts'
import { relatedTypes } from './related-types.ts'

/** Objects that are tied to one of those asked for. What the actor may not see ties nothing: a filter shows no more than reading. */
export async function tied(filter: TieFilter, { parts, actor }: { parts: Parts; actor: Actor }): Promise<Predicate> {
  const { by, ids, below } = filter
  const types = typeof by === 'string' || below ? parts.types.all : relatedTypes(parts.types, by)
  const seen = [...(await visibleAmong(ids, types, { parts, actor })).keys()]
  if (by === 'ancestor') return { column: 'o.id', within: { edges: 'tree', from: 'parent', to: 'child', start: seen } }
  if (by === 'parent') return among('tree', { own: 'child', where: { column: 'x.parent', in: seen } })
  const { own, other } = sideOf(by)
  const one: Predicate = { column: `x.${other}`, in: seen }
  const deeper: Predicate = {
    column: `x.${other}`,
    within: { edges: 'tree', from: 'parent', to: 'child', start: seen },
  }
  const where: Predicate = {
    all: [{ column: 'x.name', is: 'eq', value: by.key }, below ? { any: [one, deeper] } : one],
  }
  return among('links', { own, where })
}

function among(from: string, { own, where }: { own: string; where: Predicate }): Predicate {
  return { column: 'o.id', among: { from, as: 'x', select: `x.${own}`, where } }
}
