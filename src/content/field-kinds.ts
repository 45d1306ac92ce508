import type { BoundValue } from '../schema/condition.ts'
import { isDay, isMoment } from '../schema/moment.ts'
import type { ColumnType } from '../store/table.ts'
import type { Field, FieldKindName } from './field.ts'

/** Why a value does not fit its field, in words that follow the field's name. */
export class Misfit {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

export interface FieldKind {
  readonly column: ColumnType
  /** The value as it is stored, or why it is not taken. Absent values never come here. */
  readonly parse: (value: unknown, field: Field) => unknown
  /** Whether filters may compare and sorts may order by it. */
  readonly comparable: boolean
  /** A value from a query string or a form, as `parse` wants it. */
  readonly fromText: (text: string) => unknown
}

/** One row per kind: every field of every object goes through its row, whoever writes it. */
export const fieldKinds: Readonly<Record<FieldKindName, FieldKind>> = {
  text: { column: 'text', parse: (value, field) => parseText(value, field, 100_000), comparable: true, fromText: same },
  richText: {
    column: 'text',
    parse: (value, field) => parseText(value, field, 1_000_000),
    comparable: false,
    fromText: same,
  },
  integer: { column: 'integer', parse: parseInteger, comparable: true, fromText: numberFromText },
  number: { column: 'number', parse: parseNumber, comparable: true, fromText: numberFromText },
  boolean: { column: 'boolean', parse: parseBoolean, comparable: true, fromText: booleanFromText },
  date: { column: 'text', parse: parseDate, comparable: true, fromText: same },
  datetime: { column: 'text', parse: parseMoment, comparable: true, fromText: same },
  select: { column: 'text', parse: parseSelect, comparable: true, fromText: same },
  json: { column: 'json', parse: parseJsonValue, comparable: false, fromText: same },
  reference: { column: 'integer', parse: parseReference, comparable: true, fromText: numberFromText },
  accessList: { column: 'json', parse: parseAccessList, comparable: false, fromText: same },
  file: { column: 'text', parse: (value, field) => parseText(value, field, 300), comparable: true, fromText: same },
  slug: { column: 'text', parse: parseSlug, comparable: true, fromText: same },
  tags: { column: 'json', parse: parseTags, comparable: false, fromText: same },
}

/** The column's type; lists of options are kept as JSON. */
export function columnOf(field: Pick<Field, 'kind' | 'multiple'>): ColumnType {
  return field.multiple === true ? 'json' : fieldKinds[field.kind].column
}

/** Whether the field holds a list of words, each of which finds the object. */
export function isList(field: Pick<Field, 'kind' | 'multiple'>): boolean {
  return field.kind === 'tags' || field.multiple === true
}

export function isComparable(field: Field): boolean {
  return fieldKinds[field.kind].comparable && field.multiple !== true
}

/** One comparable value as its field keeps it, limits aside; text is read as the kind writes it. */
export function comparableValue(field: Field, value: unknown): BoundValue | Misfit {
  const kind = fieldKinds[field.kind]
  const plain: Field = field.options === undefined ? { kind: field.kind } : { kind: field.kind, options: field.options }
  const parsed = kind.parse(typeof value === 'string' ? kind.fromText(value) : value, plain)
  if (
    parsed instanceof Misfit ||
    typeof parsed === 'string' ||
    typeof parsed === 'number' ||
    typeof parsed === 'boolean'
  )
    return parsed
  return new Misfit('must be a plain value')
}

export const slugPattern = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/

function same(text: string): unknown {
  return text
}

function numberFromText(text: string): unknown {
  return /^-?\d{1,17}(\.\d{1,17})?$/.test(text) ? Number(text) : text
}

function booleanFromText(text: string): unknown {
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : text
}

/** PostgreSQL keeps no NUL and neither database keeps half a surrogate pair: refused on both, so that both keep the same. */
function parseText(value: unknown, field: Field, most: number): unknown {
  if (typeof value !== 'string') return new Misfit('must be text')
  if (value.includes('\0') || !value.isWellFormed()) return new Misfit('holds characters that are not text')
  const longest = Math.min(field.maxLength ?? most, most)
  if (value.length > longest) return new Misfit(`is longer than ${longest} characters`)
  if (value.length < (field.minLength ?? 0)) return new Misfit(`is shorter than ${field.minLength ?? 0} characters`)
  return field.required === true && value === '' ? new Misfit('must not be empty') : value
}

function parseInteger(value: unknown, field: Field): unknown {
  return Number.isSafeInteger(value) ? withinRange(Number(value), field) : new Misfit('must be a whole number')
}

function parseNumber(value: unknown, field: Field): unknown {
  return typeof value === 'number' && Number.isFinite(value)
    ? withinRange(value, field)
    : new Misfit('must be a number')
}

function withinRange(value: number, field: Field): unknown {
  if (field.minimum !== undefined && value < field.minimum) return new Misfit(`must be at least ${field.minimum}`)
  if (field.maximum !== undefined && value > field.maximum) return new Misfit(`must be at most ${field.maximum}`)
  return Object.is(value, -0) ? 0 : value
}

function parseBoolean(value: unknown): unknown {
  return typeof value === 'boolean' ? value : new Misfit('must be true or false')
}

function parseDate(value: unknown): unknown {
  return typeof value === 'string' && isDay(value) ? value : new Misfit('must be a day such as 2026-11-21')
}

function parseMoment(value: unknown): unknown {
  if (typeof value === 'string' && isMoment(value)) return new Date(value).toISOString()
  return new Misfit('must be a moment such as 2026-11-21T10:30:00Z')
}

function parseSelect(value: unknown, field: Field): unknown {
  const options = field.options ?? []
  const wrong = new Misfit(`must be ${field.multiple === true ? 'a list of some of' : 'one of'} ${options.join(', ')}`)
  if (field.multiple !== true) return typeof value === 'string' && options.includes(value) ? value : wrong
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string' && options.includes(one))) return wrong
  return [...new Set(value)]
}

function parseJsonValue(value: unknown): unknown {
  const text = depthOf(value) > deepest ? undefined : JSON.stringify(value)
  if (text === undefined) return new Misfit(`must be JSON of at most ${deepest} levels`)
  if (text.length > longestJson) return new Misfit(`is longer than ${longestJson} characters as JSON`)
  return /\\u0000|\\ud[89a-f]/.test(text) ? new Misfit('holds characters that are not text') : value
}

function depthOf(value: unknown, limit = deepest + 1): number {
  if (typeof value !== 'object' || value === null || limit === 0) return 0
  return 1 + Math.max(0, ...Object.values(value).map((part) => depthOf(part, limit - 1)))
}

function parseReference(value: unknown): unknown {
  return Number.isSafeInteger(value) && Number(value) > 0 ? value : new Misfit('must be the id of an object')
}

function parseAccessList(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Misfit('must be { users: […], roles: […] }')
  const { users = [], roles = [], ...others } = value as { users?: unknown; roles?: unknown }
  if (Object.keys(others).length > 0) return new Misfit('may only name users and roles')
  if (!Array.isArray(users) || !users.every((id) => Number.isSafeInteger(id)))
    return new Misfit('must name users by their ids')
  if (!Array.isArray(roles) || !roles.every((name) => typeof name === 'string' && name.isWellFormed()))
    return new Misfit('must name roles by their names')
  if (users.length + roles.length > longestAccessList)
    return new Misfit(`names more than ${longestAccessList} users and roles`)
  return { users: [...new Set<unknown>(users)], roles: [...new Set<unknown>(roles)] }
}

function parseSlug(value: unknown): unknown {
  if (typeof value === 'string' && value.length <= 200 && slugPattern.test(value)) return value
  return new Misfit('must be lower-case words joined by "-", with at least one letter')
}

function parseTags(value: unknown): unknown {
  const isWord = (one: unknown): boolean =>
    parseText(one, { kind: 'text', required: true }, 100) === one &&
    String(one).trim() === one &&
    !String(one).includes(',')
  if (!Array.isArray(value) || !value.every(isWord)) return new Misfit('must be a list of words without commas')
  return value.length > mostTags ? new Misfit(`holds more than ${mostTags} words`) : [...new Set<unknown>(value)]
}

const mostTags = 100
const deepest = 32
const longestJson = 1_000_000
const longestAccessList = 1_000
