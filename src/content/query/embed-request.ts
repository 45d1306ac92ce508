import { badValue } from './filter-terms.ts'
import { maxPageSize } from './paging.ts'

/** `embed[relations]=attach|3,seealso`: which relations, and how many objects of each. */
export interface EmbedTerm {
  readonly name: string
  readonly limit: number
}

/** Refuses (BAD_QUERY_VALUE) what would answer more objects than the largest page holds. `objects`: how many embed. */
export function embedTerms(query: ReadonlyMap<string, unknown>, objects: number): readonly EmbedTerm[] {
  const text = query.get(flat) ?? nested(query.get('embed'))
  if (text === undefined || text === '') return []
  if (typeof text !== 'string') throw badValue(flat, 'must be text such as attach|3,seealso')
  const terms = text.split(',').map(embedTerm)
  if (new Set(terms.map((term) => term.name)).size !== terms.length) throw badValue(flat, 'names a relation twice')
  const sum = terms.reduce((total, term) => total + term.limit, 0)
  if ((1 + sum) * objects > maxPageSize)
    throw badValue(flat, `would answer more than ${maxPageSize} objects; ask for fewer or for a smaller page`)
  return terms
}

function embedTerm(text: string): EmbedTerm {
  const found = /^([a-z][a-z0-9_]{0,50})(?:\|(\d{0,3}))?$/.exec(text)
  if (!found) throw badValue(flat, 'must be text such as attach|3,seealso')
  const limit = found[2] === undefined || found[2] === '' ? 1 : Number(found[2])
  if (limit < 1) throw badValue(flat, 'must ask for at least one object')
  return { name: found[1] ?? '', limit }
}

function nested(embed: unknown): unknown {
  if (embed === undefined) return undefined
  if (typeof embed !== 'object' || embed === null) throw badValue('embed', 'must name relations')
  const { relations, ...others } = embed as { relations?: unknown }
  if (Object.keys(others).length > 0) throw badValue('embed', 'can only name relations')
  return relations
}

const flat = 'embed[relations]'
