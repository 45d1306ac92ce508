import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Order } from '../../store/port.ts'
import type { Given, Predicate } from '../../store/predicate.ts'
import type { Field } from '../field.ts'
import { isComparable } from '../field-kinds.ts'
import { shownColumn, type ObjectType } from '../object-types.ts'
import { sharedNames } from '../shared-fields.ts'
import { publicField } from './field-filter.ts'
import { badValue } from './filter-terms.ts'

export interface SortTerm extends Given {
  /** The name under which its value stands in a row. */
  readonly name: string
  readonly field: Field
  readonly descending: boolean
  /** Where the value is not a column's but whether this holds, as 1 or 0. */
  readonly test?: Predicate
}

export interface SortSubject {
  /** The order that the list has by itself. */
  readonly natural: readonly SortTerm[]
  /** What `relevance` means, where words are looked for; asked by whoever sorts by it. */
  readonly relevance: () => SortTerm | undefined
}

/** `-created,title`; always ends in the id, so that the order is whole and a cursor can stand anywhere in it. */
export function sortTerms(text: unknown, type: ObjectType | undefined, subject: SortSubject): readonly SortTerm[] {
  if (text === undefined || text === '') return [...subject.natural, byId(false)]
  if (typeof text !== 'string') throw badValue('sort', 'must be text')
  const terms = text
    .split(',')
    .map((word) => (word === 'relevance' ? subject.relevance() : undefined) ?? sortTerm(word, type))
  if (terms.length > mostTerms) throw badValue('sort', `at most ${mostTerms} fields`)
  const names = terms.map((term) => term.name)
  if (new Set(names).size !== names.length) throw badValue('sort', 'names a field twice')
  const end = names.indexOf('id')
  if (end >= 0) return terms.slice(0, end + 1)
  const id = byId(terms.at(-1)?.descending ?? false)
  return [...terms, terms[0]?.column.startsWith('t.') === true ? { ...id, column: 't.id' } : id]
}

export function orderOf(terms: readonly SortTerm[]): readonly Order[] {
  return terms.map(({ column, given, descending }) =>
    given === undefined ? { column, descending } : { column, given, descending },
  )
}

/** As it was asked for, for telling lists apart. */
export function sortText(terms: readonly SortTerm[]): string {
  return terms.map((term) => `${term.descending ? '-' : ''}${term.name}`).join(',')
}

function sortTerm(word: string, type: ObjectType | undefined): SortTerm {
  const descending = word.startsWith('-')
  const name = descending ? word.slice(1) : word
  const field = publicField(type, name)
  if (field !== undefined && isComparable(field)) {
    const column = shownColumn(type, name)
    // Required of writers, and yet absent to a reader from whom the row withholds it.
    return { name, ...column, field: column.given === undefined ? field : { ...field, required: false }, descending }
  }
  if (field !== undefined)
    throw badValue('sort', `one cannot sort by "${name}": values of kind ${field.kind} have no order`)
  const near = nearest(name, type?.publicNames ?? sharedNames)
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  const detail = `There is nothing to sort by ${JSON.stringify(name.slice(0, 100))}.${guess}`
  throw new PosternError('BAD_QUERY_VALUE', detail, { errors: [{ path: 'query.sort', message: 'unknown field' }] })
}

function byId(descending: boolean): SortTerm {
  return { name: 'id', column: 'o.id', field: { kind: 'integer', required: true }, descending }
}

const mostTerms = 5
