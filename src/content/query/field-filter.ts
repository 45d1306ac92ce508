import { PosternError } from '../../errors/postern-error.ts'
import type { BoundValue, Comparison, Condition } from '../../schema/condition.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Field } from '../field.ts'
import { columnOf, comparableValue, isComparable, isList, Misfit } from '../field-kinds.ts'
import { fieldOf, type ObjectType } from '../object-types.ts'
import { sharedNames } from '../shared-fields.ts'
import { badValue, termName, type FilterTerm } from './filter-terms.ts'

/** A filter on one field as a condition. A field that is private answers exactly like one that does not exist. */
export function fieldCondition(term: FilterTerm, name: string, type: ObjectType | undefined): Condition {
  const field = publicField(type, name)
  if (field === undefined) throw unknownFilter(term, type)
  if (term.operator === 'null') return { field: name, is: wantsNull(term) ? 'eq' : 'ne', value: null }
  if (isList(field)) return listCondition(term, name)
  if (!isComparable(field)) throw incomparable(term, field)
  if (term.operator === 'starts') return startsWith(name, term, field)
  return compared(name, term, valuesOf(term, field))
}

function listCondition(term: FilterTerm, field: string): Condition {
  if (term.operator !== 'eq' && term.operator !== 'in') throw badOperator(term)
  return { field, has: valuesOf(term, { kind: 'text' }).map(String) }
}

function compared(field: string, term: FilterTerm, values: readonly BoundValue[]): Condition {
  if (term.operator === 'eq' || term.operator === 'in') return oneOrMany(field, values)
  if (term.operator === 'ne') return { all: values.map((value) => ({ field, is: 'ne', value })) }
  if (!isComparison(term.operator)) throw badOperator(term)
  const [value] = values
  if (value === undefined || value === null || values.length > 1)
    throw badValue(termName(term), 'takes exactly one value')
  return { field, is: term.operator, value }
}

export function unknownFilter(term: FilterTerm, type: ObjectType | undefined): PosternError {
  const names = type === undefined ? sharedNames : type.publicNames
  const near = nearest(term.name, names)
  const guess = near === undefined ? '' : ` Did you mean filter[${near}]?`
  const name = termName(term).slice(0, 200)
  return new PosternError('UNKNOWN_QUERY', `There is nothing to filter by ${JSON.stringify(name)}.${guess}`, {
    errors: [{ path: `query.${name}`, message: 'unknown name' }],
  })
}

export function publicField(type: ObjectType | undefined, name: string): Field | undefined {
  const field = fieldOf(type, name)
  return field?.private === true ? undefined : field
}

/** The values a filter names, each fit for its field. Commas mean OR; commas at the ends mean nothing. */
export function valuesOf(term: FilterTerm, field: Field): BoundValue[] {
  const listed =
    typeof term.value === 'string' ? splitText(term.value) : Array.isArray(term.value) ? term.value : [term.value]
  if (listed.length > mostValues) throw badValue(termName(term), `at most ${mostValues} values`)
  return listed.map((value) => parseOne(value, { term, field }))
}

function parseOne(value: unknown, { term, field }: { term: FilterTerm; field: Field }): BoundValue {
  if (value === null) return null
  const parsed = comparableValue(field, value)
  if (parsed instanceof Misfit) throw badValue(termName(term), parsed.message)
  return parsed
}

/** Commas at either end say nothing; one expression for both would take the square of their number. */
function splitText(text: string): readonly string[] {
  const parts = text.split(',')
  const first = parts.findIndex((part) => part !== '')
  return first < 0 ? [''] : parts.slice(first, parts.findLastIndex((part) => part !== '') + 1)
}

function oneOrMany(field: string, values: readonly BoundValue[]): Condition {
  const present = values.filter((value) => value !== null)
  const parts: Condition[] = present.length < values.length ? [{ field, is: 'eq', value: null }] : []
  const [first, ...others] = present
  if (first !== undefined) parts.push(others.length === 0 ? { field, is: 'eq', value: first } : { field, in: present })
  return parts.length === 1 ? (parts[0] ?? false) : { any: parts }
}

function wantsNull(term: FilterTerm): boolean {
  if (term.value === true || term.value === 'true') return true
  if (term.value === false || term.value === 'false') return false
  throw badValue(termName(term), 'must be true or false')
}

/** As a range, so that an index serves it. Of a moment or a day it is the year, the month and so on. */
function startsWith(name: string, term: FilterTerm, field: Field): Condition {
  if (columnOf(field) !== 'text') throw badValue(termName(term), 'only text begins with something')
  const start = term.value === '' ? undefined : comparableValue({ kind: 'text' }, term.value)
  if (typeof start !== 'string') throw badValue(termName(term), 'must be text')
  return {
    all: [
      { field: name, is: 'gte', value: start },
      { field: name, is: 'lt', value: `${start}\u{10ffff}` },
    ],
  }
}

/** Says so instead of guessing that the same name was meant. */
function incomparable(term: FilterTerm, { kind }: Field): PosternError {
  const name = termName(term)
  const detail = `One cannot filter by ${JSON.stringify(name)}: values of kind ${kind} are only asked for with [null].`
  return new PosternError('UNKNOWN_QUERY', detail, { errors: [{ path: `query.${name}`, message: 'is not compared' }] })
}

function isComparison(operator: string): operator is Comparison {
  return operator === 'lt' || operator === 'lte' || operator === 'gt' || operator === 'gte'
}

function badOperator(term: FilterTerm): PosternError {
  return new PosternError(
    'UNKNOWN_QUERY',
    `${JSON.stringify(term.operator)} is not an operator; there are ${operators.join(', ')}.`,
    {
      errors: [{ path: `query.${termName(term)}`, message: 'unknown operator' }],
    },
  )
}

const operators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'null', 'starts']
const mostValues = 100
