import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { ObjectType } from '../object-types.ts'
import type { Relation } from '../relations.ts'
import { embedTerms, type EmbedTerm } from './embed-request.ts'
import { badValue, queryParts } from './filter-terms.ts'
import { filterPredicate, narrowed, type FilterScope } from './list-filters.ts'
import { pageRequest, type PageRequest } from './paging.ts'
import { selectedNames } from './selection.ts'
import { sortTerms, sortText, type SortTerm } from './sort.ts'
import { relevanceOf } from './text-filter.ts'
import { languageOf } from '../translations.ts'
import { tieFilter, type TieFilter } from './tie-filter.ts'

/** A list as it was asked for, every name and value understood; rules are not in it. */
export interface ListRequest {
  readonly types: readonly ObjectType[]
  /** The one type, whose own fields may then be named without their type. */
  readonly single: ObjectType | undefined
  readonly filters: readonly Predicate[]
  /** Filters by other objects, which have to be seen by the actor too. */
  readonly ties: readonly TieFilter[]
  readonly sort: readonly SortTerm[]
  readonly names: readonly string[] | undefined
  readonly paging: PageRequest
  readonly ids: readonly number[] | undefined
  readonly embed: readonly EmbedTerm[]
  readonly lang: string | undefined
  /** Types, filters and order as text: what a cursor belongs to. */
  readonly fingerprint: string
}

export interface ListSubject {
  /** What the path says: the type of a plural; absent: every type. */
  readonly types: readonly ObjectType[]
  readonly relationsOf: (type: ObjectType) => ReadonlyMap<string, Relation>
  readonly now: string
  /** Which list it is: a cursor of one does not go on in another. */
  readonly name: string
  /** The order that the list has by itself. */
  readonly natural: readonly SortTerm[]
}

/** Refuses (UNKNOWN_QUERY, BAD_QUERY_VALUE) what it does not know or what is absurd, before anything is asked of the store. */
export function listRequest(query: Readonly<Record<string, unknown>>, subject: ListSubject): ListRequest {
  const { filters, others } = queryParts(query)
  for (const name of others.keys()) if (!listNames.includes(name)) throw unknownName(name)
  const types = narrowed(filters, subject.types)
  const single = types.length === 1 ? types[0] : undefined
  const sort = sortTerms(others.get('sort'), single, {
    natural: subject.natural,
    relevance: () => relevanceOf(filters, types),
  })
  const paging = pageRequest(others)
  const ids = idsOf(others)
  const rest = filters.filter((term) => term.name !== 'object_type')
  const relations = single === undefined ? undefined : subject.relationsOf(single)
  const plain = rest.filter((term) => tieFilter(term, single, relations) === undefined)
  const scope: FilterScope = {
    types,
    single,
    get now() {
      return subject.now
    },
  }
  return {
    types,
    single,
    filters: plain.map((term) => filterPredicate(term, scope)),
    ties: rest.flatMap((term) => tieFilter(term, single, relations) ?? []),
    sort,
    names: selectedNames(others.get('fields'), single),
    paging,
    ids,
    embed: embedTerms(others, ids?.length ?? paging.pageSize),
    lang: languageOf(others.get('lang')),
    fingerprint: JSON.stringify([subject.name, types.map((type) => type.name), rest, sortText(sort)]),
  }
}

export const listNames: readonly string[] = [
  'id',
  'sort',
  'fields',
  'page',
  'page_size',
  'cursor',
  'count',
  'lang',
  'embed',
  'embed[relations]',
]

/** Named ids are answered as they were named, all of them: what a page or an order would mean there is not guessed. */
function idsOf(query: ReadonlyMap<string, unknown>): readonly number[] | undefined {
  const value = query.get('id')
  if (value === undefined) return undefined
  const other = ofPages.find((name) => query.has(name))
  if (other !== undefined) throw badValue(other, 'goes without id, which names the objects and their order')
  const ids: readonly unknown[] = typeof value === 'string' ? value.split(',').map(idFromText) : [value].flat()
  if (ids.length > mostIds) throw badValue('id', `at most ${mostIds}`)
  if (!ids.every((id): id is number => Number.isSafeInteger(id) && Number(id) > 0))
    throw badValue('id', 'must be ids of objects')
  return ids
}

function idFromText(text: string): number | undefined {
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
}

function unknownName(name: string): PosternError {
  const near = nearest(name, listNames)
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  return new PosternError(
    'UNKNOWN_QUERY',
    `${JSON.stringify(name.slice(0, 200))} is not a query name of a list.${guess}`,
    {
      errors: [{ path: `query.${name.slice(0, 200)}`, message: 'unknown name' }],
    },
  )
}

const mostIds = 100
const ofPages = ['sort', 'page', 'page_size', 'cursor', 'count']
