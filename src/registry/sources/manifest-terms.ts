import { PosternError } from '../../errors/postern-error.ts'

/** What a manifest's built-in operations are asked for: groups of conditions, any one of which is enough, and a page. */
export interface Asked {
  /** All conditions of a group must hold. One empty group: everything. */
  readonly groups: readonly Filter[]
  /** A field, with `-` before it for descending. */
  readonly sort: string | undefined
  readonly limit: number | undefined
  readonly offset: number
}

/** Operators by field, as content filters take them; values are lists, so that commas in them are no alternatives. */
export type Filter = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const operators: Readonly<Record<string, string>> = {
  '': 'eq',
  '=': 'eq',
  '!=': 'ne',
  '!': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  LIKE: 'like',
}

/** In a query string the `=` between name and value belongs to the operator: `?age>=30`. */
const beforeEquals: Readonly<Record<string, string>> = { '': 'eq', '>': 'gte', '<': 'lte', '!': 'ne' }

/**
 * `{ "age >": 25, "OR name": "Bob", "orderBy": "age desc", "limit": 10, "offset": 20 }`. Refuses (BAD_REQUEST) what it does
 * not understand, so that nothing wider than what was asked for is ever found.
 */
export function readTerms(params: unknown, from: 'query' | 'body'): Asked {
  if (!isRecord(params)) throw refuse('The parameters must be an object.')
  const groups: Record<string, Record<string, unknown>>[] = [{}]
  let sort: string | undefined
  let limit: number | undefined
  let offset = 0
  for (const [key, value] of Object.entries(params)) {
    if (key === 'orderBy' || key === 'order_by') sort = readOrder(value)
    else if (key === 'limit') limit = readWhole(key, value)
    else if (key === 'offset') offset = readWhole(key, value)
    else addTerm(groups, readTerm(key, { value, from }))
  }
  return { groups, sort, limit, offset }
}

interface Term {
  readonly or: boolean
  readonly field: string
  readonly operator: string
  readonly value: unknown
}

function readTerm(key: string, { value, from }: { readonly value: unknown; readonly from: 'query' | 'body' }): Term {
  const found = /^(?:(OR|AND)\s+)?([A-Za-z_]\w*)(\s*)(\S[^]*)?$/.exec(key.trim())
  if (!found) throw refuse(`${JSON.stringify(key.slice(0, 100))} is neither a field nor a field with an operator.`)
  const [, joiner, field = '', gap = '', written = ''] = found
  const or = joiner === 'OR'
  if (from === 'body' || gap !== '')
    return { or, field, operator: operatorOf(key, operators[written.toUpperCase().trim()]), value }
  const joined = /^(>|<|!)([^=][^]*)$/.exec(written)
  if (joined && value === '')
    return { or, field, operator: operatorOf(key, operators[joined[1] ?? '']), value: joined[2] }
  return { or, field, operator: operatorOf(key, beforeEquals[written]), value }
}

function operatorOf(key: string, operator: string | undefined): string {
  if (operator !== undefined) return operator
  throw refuse(`${JSON.stringify(key.slice(0, 100))} has an operator that is not known; there are = != > >= < <= LIKE.`)
}

/** `OR` begins a new group, as it does in SQL without brackets. */
function addTerm(groups: Record<string, Record<string, unknown>>[], { or, field, operator, value }: Term): void {
  const isFirst = groups.length === 1 && Object.keys(groups[0] ?? {}).length === 0
  if (or && !isFirst) groups.push({})
  if (groups.length > mostGroups) throw refuse(`At most ${mostGroups} alternatives.`)
  const group = groups.at(-1) ?? {}
  const conditions = Object.hasOwn(group, field) ? (group[field] ?? {}) : {}
  if (operator in conditions && operator !== 'ne') throw refuse(`${JSON.stringify(field)} has the same operator twice.`)
  group[field] = { ...conditions, ...condition(operator, value, conditions[operator]) }
}

function condition(operator: string, value: unknown, before: unknown): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === 'object')
    throw refuse('A condition compares with text, a number, true, false or null.')
  if (value === null && operator === 'eq') return { null: true }
  if (operator === 'like') return likeness(value)
  return { [operator]: Array.isArray(before) ? [...(before as readonly unknown[]), value] : [value] }
}

/** What content can find by: a beginning. */
function likeness(value: unknown): Readonly<Record<string, unknown>> {
  const text = typeof value === 'string' ? value : ''
  const beginning = /^([^%_]+)%$/.exec(text)?.[1]
  if (beginning !== undefined) return { starts: beginning }
  return /^[^%_]+$/.test(text) ? { eq: [text] } : { like: text }
}

function readOrder(value: unknown): string {
  const found = typeof value === 'string' ? /^([A-Za-z_]\w*)(?:\s+(asc|desc))?$/i.exec(value.trim()) : null
  if (!found) throw refuse('orderBy must be a field, optionally followed by "desc".')
  return `${found[2]?.toLowerCase() === 'desc' ? '-' : ''}${found[1]}`
}

function readWhole(name: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw refuse(`${name} must be a whole number.`)
}

function refuse(detail: string): PosternError {
  return new PosternError('BAD_REQUEST', detail)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const mostGroups = 10
