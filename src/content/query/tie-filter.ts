import type { ObjectType } from '../object-types.ts'
import type { Relation } from '../relations.ts'
import { publicField, unknownFilter, valuesOf } from './field-filter.ts'
import type { FilterTerm } from './filter-terms.ts'

/** A filter by what an object is tied to; `below`: or to anything below that in the tree. */
export interface TieFilter {
  readonly by: Relation | 'parent' | 'ancestor'
  readonly ids: readonly number[]
  readonly below: boolean
}

/** `filter[makers]=3,4`, `filter[subjects][within]=12`, `filter[parent]=2`, `filter[ancestor]=1`; a field of that name goes before. */
export function tieFilter(
  term: FilterTerm,
  type: ObjectType | undefined,
  relations: ReadonlyMap<string, Relation> | undefined,
): TieFilter | undefined {
  if (publicField(type, term.name) !== undefined) return undefined
  const by = relations?.get(term.name) ?? treeWord(term.name)
  if (by === undefined) return undefined
  const below = term.operator === 'within' && typeof by === 'object'
  if (!below && term.operator !== 'eq' && term.operator !== 'in') throw unknownFilter(term, type)
  const ids = valuesOf(term, { kind: 'reference' }).filter((id) => typeof id === 'number')
  return { by, ids, below }
}

function treeWord(name: string): 'parent' | 'ancestor' | undefined {
  return name === 'parent' || name === 'ancestor' ? name : undefined
}
