import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Predicate } from '../../store/predicate.ts'
import { inOwnTable, lower } from '../lower.ts'
import type { ObjectType } from '../object-types.ts'
import { fieldCondition, unknownFilter, valuesOf } from './field-filter.ts'
import { badValue, queryParts, termName, type FilterTerm } from './filter-terms.ts'
import { embedTerms, type EmbedTerm } from './embed-request.ts'
import { pageRequest, type PageRequest } from './paging.ts'
import { selectedNames } from './selection.ts'
import { queryFilter, relevanceOf, substringFilter } from './text-filter.ts'
import { sortTerms, sortText, type SortTerm } from './sort.ts'

/** A list as it was asked for, every name and value understood; rules are not in it. */
export interface ListRequest {
  readonly types: readonly ObjectType[]
  /** The one type, whose own fields may then be named without their type. */
  readonly single: ObjectType | undefined
  readonly filters: readonly Predicate[]
  readonly sort: readonly SortTerm[]
  readonly names: readonly string[] | undefined
  readonly paging: PageRequest
  readonly ids: readonly number[] | undefined
  readonly embed: readonly EmbedTerm[]
  /** Types, filters and order as text: what a cursor belongs to. */
  readonly fingerprint: string
}

export interface ListSubject {
  /** What the path says: the type of a plural; absent: every type. */
  readonly types: readonly ObjectType[]
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
  const types = narrowed(filters, subject)
  const single = types.length === 1 ? types[0] : undefined
  const sort = sortTerms(others.get('sort'), single, { natural: subject.natural, relevance: relevanceOf(filters) })
  const paging = pageRequest(others)
  const ids = idsOf(others.get('id'))
  const rest = filters.filter((term) => term.name !== 'object_type')
  return {
    types,
    single,
    filters: rest.map((term) => filterPredicate(term, { ...subject, types, single })),
    sort,
    names: selectedNames(others.get('fields'), single),
    paging,
    ids,
    embed: embedTerms(others, ids?.length ?? paging.pageSize),
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

interface FilterScope extends ListSubject {
  readonly single: ObjectType | undefined
}

function narrowed(filters: readonly FilterTerm[], subject: ListSubject): readonly ObjectType[] {
  const term = filters.find((one) => one.name === 'object_type')
  if (term === undefined) return subject.types
  if (term.operator !== 'eq' && term.operator !== 'in') throw unknownFilter(term, undefined)
  const names = valuesOf(term, { kind: 'text' })
  return names.map((name) => {
    const type = subject.types.find((one) => one.name === name)
    if (type === undefined)
      throw badValue(termName(term), `${JSON.stringify(String(name).slice(0, 100))} is not an object type here`)
    return type
  })
}

function filterPredicate(term: FilterTerm, scope: FilterScope): Predicate {
  const { single, now } = scope
  if (Object.hasOwn(textFilters, term.name) && term.operator === 'eq') return textFilters[term.name]?.(term) ?? true
  const dot = term.name.indexOf('.')
  if (dot < 0) {
    const condition = fieldCondition(term, term.name, single)
    return lower(condition, { type: single ?? anyType, joined: true, now })
  }
  const type = byModel(term.name.slice(0, dot), scope.types)
  const name = term.name.slice(dot + 1)
  if (type === undefined || !Object.hasOwn(type.fields, name)) throw unknownFilter(term, single)
  const predicate = lower(fieldCondition(term, name, type), { type, joined: true, now })
  return type === single ? predicate : inOwnTable(type, predicate)
}

const textFilters: Readonly<Record<string, (term: FilterTerm) => Predicate>> = {
  query: queryFilter,
  substring: substringFilter,
}

/** `Card` or `card`, `ShortNews` or `short_news`. */
function byModel(model: string, types: readonly ObjectType[]): ObjectType | undefined {
  const name = model.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase()
  return types.find((type) => type.name === model || (type.name === name && /^[A-Z]/.test(model)))
}

function idsOf(value: unknown): readonly number[] | undefined {
  if (value === undefined) return undefined
  const ids = typeof value === 'string' ? value.split(',').map(Number) : Array.isArray(value) ? value : [value]
  if (ids.length > mostIds) throw badValue('id', `at most ${mostIds}`)
  if (!ids.every((id): id is number => Number.isSafeInteger(id) && Number(id) > 0))
    throw badValue('id', 'must be ids of objects')
  return ids
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

/** Stands in where several types are listed and only shared fields can be named. */
const anyType: ObjectType = {
  name: '',
  plural: '',
  fields: {},
  rules: {},
  section: false,
  relations: {},
  table: '',
  ownNames: [],
  publicNames: [],
  selectAll: [],
  selectOwn: [],
}
