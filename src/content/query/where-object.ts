import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Comparison } from '../../schema/condition.ts'
import type { Order } from '../../store/port.ts'
import type { Given, Predicate } from '../../store/predicate.ts'
import { columnOf, comparableValue, isComparable, Misfit } from '../field-kinds.ts'
import { shownColumn, type ObjectType } from '../object-types.ts'
import { publicField } from './field-filter.ts'

/** A manifest's where-object, understood: conditions joined as they were written, AND before OR; order; limits. */
export interface WhereObject {
  readonly where: Predicate
  /** Whether it holds any condition at all. */
  readonly filters: boolean
  readonly order: readonly Order[]
  readonly limit: number | undefined
  readonly offset: number | undefined
}

/** Keys are `[OR |AND ]field[ operator]`, or `orderBy`, `limit`, `offset`; each condition keeps a value of its own. */
export function whereObject(given: Readonly<Record<string, unknown>>, type: ObjectType): WhereObject {
  const groups: Predicate[][] = []
  for (const [key, value] of Object.entries(given)) {
    if (controls.has(key)) continue
    const { word, predicate } = condition(unmasked(key), value, type)
    if (word === 'or' || groups.length === 0) groups.push([])
    groups.at(-1)?.push(predicate)
  }
  return {
    where: groups.length === 0 ? true : { any: groups.map((all) => ({ all })) },
    filters: groups.length > 0,
    order: orderOf(given['orderBy'] ?? given['order_by'], type),
    limit: whole('limit', given['limit']),
    offset: whole('offset', given['offset']),
  }
}

function condition(key: string, value: unknown, type: ObjectType): { word: string; predicate: Predicate } {
  const found = /^(?:(or|and) )?([a-z0-9_]+) ?(=|!=|!|<>|>=|<=|>|<|like|not like)?$/i.exec(key.trim())
  if (!found) throw refused(key, 'is not a field with an operator')
  const [, word = 'and', name = '', operator = '='] = found
  const field = publicField(type, name)
  if (field === undefined || !isComparable(field)) throw unknownColumn(name, type)
  const column = shownColumn(type, name)
  const wanted = operator.toLowerCase()
  if (wanted.endsWith('like')) {
    if (columnOf(field) !== 'text') throw refused(key, 'only text is like something')
    return { word: word.toLowerCase(), predicate: like(column, wanted, { key, value }) }
  }
  const parsed = value === null ? null : comparableValue(field, value)
  if (parsed instanceof Misfit) throw refused(key, parsed.message)
  return { word: word.toLowerCase(), predicate: { ...column, is: comparisons[wanted] ?? 'eq', value: parsed } }
}

function like(column: Given, operator: string, { key, value }: { key: string; value: unknown }): Predicate {
  if (typeof value !== 'string' || value.length > longestPattern) throw refused(key, 'must be text')
  const pattern: Predicate = { ...column, like: value.replaceAll('\\', '\\\\') }
  return operator === 'like' ? pattern : { not: pattern }
}

function orderOf(value: unknown, type: ObjectType): readonly Order[] {
  if (value === undefined || value === '') return [{ column: 'o.id' }]
  if (typeof value !== 'string') throw refused('orderBy', 'must be text')
  const terms = value.split(',').map((part) => {
    const [, name = '', direction] = /^([a-z0-9_]+)(?: (asc|desc))?$/i.exec(part.trim()) ?? []
    const field = publicField(type, name)
    if (field === undefined || !isComparable(field)) throw unknownColumn(name, type)
    return { ...shownColumn(type, name), descending: direction?.toLowerCase() === 'desc' }
  })
  return terms.some((term) => term.column === 'o.id') ? terms : [...terms, { column: 'o.id' }]
}

function whole(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= furthest) return number
  throw refused(name, `must be a whole number up to ${furthest}`)
}

function unknownColumn(name: string, type: ObjectType): PosternError {
  const near = nearest(name, [...type.publicNames])
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  return new PosternError(
    'UNKNOWN_QUERY',
    `${JSON.stringify(name.slice(0, 100))} is not a field of ${type.name}.${guess}`,
  )
}

function refused(key: string, message: string): PosternError {
  const path = `query.${key.slice(0, 100)}`
  return new PosternError('BAD_QUERY_VALUE', `${path}: ${message}.`, { errors: [{ path, message }] })
}

/** The ancestor's explorer wrote these where a URL could not hold the sign. */
function unmasked(key: string): string {
  return key
    .replaceAll('*!gt!*', '>')
    .replaceAll('*!lt!*', '<')
    .replaceAll('*!equalto!*', '=')
    .replaceAll('*!underscore!*', '_')
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '!': 'ne',
  '!=': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

const controls = new Set(['orderBy', 'order_by', 'limit', 'offset'])
const longestPattern = 1_000
const furthest = 100_000
