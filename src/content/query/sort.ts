import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Order } from '../../store/port.ts'
import { isComparable } from '../field-kinds.ts'
import { columnFor, type ObjectType } from '../object-types.ts'
import { sharedNames } from '../shared-fields.ts'
import { publicField } from './field-filter.ts'
import { badValue } from './filter-terms.ts'

export interface SortTerm {
  readonly field: string
  readonly descending: boolean
}

/** `-created,title`; always ends in the id, so that the order is whole and a cursor can stand anywhere in it. */
export function sortTerms(text: unknown, type: ObjectType | undefined): readonly SortTerm[] {
  if (text === undefined || text === '') return [byId]
  if (typeof text !== 'string') throw badValue('sort', 'must be text')
  const terms = text.split(',').map((word) => sortTerm(word, type))
  if (terms.length > mostTerms) throw badValue('sort', `at most ${mostTerms} fields`)
  const fields = terms.map((term) => term.field)
  if (new Set(fields).size !== fields.length) throw badValue('sort', 'names a field twice')
  const end = fields.indexOf('id')
  if (end >= 0) return terms.slice(0, end + 1)
  return [...terms, { field: 'id', descending: terms.at(-1)?.descending ?? false }]
}

export function orderOf(terms: readonly SortTerm[]): readonly Order[] {
  return terms.map(({ field, descending }) => ({ column: columnFor(field), descending }))
}

function sortTerm(word: string, type: ObjectType | undefined): SortTerm {
  const descending = word.startsWith('-')
  const name = descending ? word.slice(1) : word
  const field = publicField(type, name)
  if (field !== undefined && isComparable(field)) return { field: name, descending }
  const near = nearest(name, type?.publicNames ?? sharedNames)
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  const detail = `There is nothing to sort by ${JSON.stringify(name.slice(0, 100))}.${guess}`
  throw new PosternError('BAD_QUERY_VALUE', detail, { errors: [{ path: 'query.sort', message: 'unknown field' }] })
}

const byId: SortTerm = { field: 'id', descending: false }
const mostTerms = 5
