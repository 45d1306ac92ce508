import type { BoundValue } from '../../schema/condition.ts'
import type { Row } from '../../store/port.ts'
import type { Given, Predicate } from '../../store/predicate.ts'
import { isNamedValues } from '../named-values.ts'
import { comparableValue, Misfit } from '../field-kinds.ts'
import { badValue } from './filter-terms.ts'
import type { SortTerm } from './sort.ts'

/** What a list was asked for: a cursor only goes on in the list it came from. */
export interface CursorOf {
  readonly terms: readonly SortTerm[]
  /** The list's types, filters and order, as text. */
  readonly list: string
}

/** The row of this id, as far as it is in the list. */
export type RowOf = (id: number) => Promise<Row | undefined>

/** Where the list goes on after this row. It holds nothing but what the row itself shows; of long texts only which row it was. */
export function cursorAfter(row: Row, of: CursorOf): string {
  const cursor = written(
    of,
    of.terms.map((term) => row[term.name] ?? null),
  )
  return cursor.length <= longest ? cursor : written(of, [{ id: row['id'] }])
}

/** The rows after a cursor: those of `where`, of which one of `each` holds too. */
export interface Rest {
  readonly where: Predicate
  readonly each?: readonly Predicate[]
}

/** The rows after the cursor. A cursor that was not made for this list is refused, whoever wrote it. */
export async function afterCursor(text: string, of: CursorOf, rowOf: RowOf): Promise<Rest> {
  const values = await readCursor(text, of, rowOf)
  const choices = of.terms.map((term, index): Predicate => {
    const before = of.terms.slice(0, index).map((one, at) => equal(one, values[at] ?? null))
    return { all: [...before, beyond(term, values[index] ?? null)] }
  })
  return { where: { any: choices }, ...bounds(of.terms[0], values[0] ?? null) }
}

function written(of: CursorOf, values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([fingerprint(of.list), ...values])).toString('base64url')
}

async function readCursor(text: string, of: CursorOf, rowOf: RowOf): Promise<BoundValue[]> {
  const [list, ...given] = parsed(text)
  if (list !== fingerprint(of.list)) throw foreign()
  const [only] = given
  const values = given.length === 1 && isNamedValues(only) ? await valuesOf(only['id'], of, rowOf) : given
  if (values.length !== of.terms.length) throw foreign()
  return of.terms.map((term, index) => {
    const value = values[index]
    if (value === null && term.name !== 'id') return null
    const fit = comparableValue(term.field, value)
    if (fit instanceof Misfit) throw foreign()
    return fit
  })
}

/** A row that is no longer in the list cannot say where it stood. */
async function valuesOf(id: unknown, of: CursorOf, rowOf: RowOf): Promise<unknown[]> {
  const row = typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? await rowOf(id) : undefined
  return row === undefined ? [] : of.terms.map((term) => row[term.name] ?? null)
}

function parsed(text: string): unknown[] {
  if (text.length > longest || !/^[\w-]+$/.test(text)) throw foreign()
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(value)) return value
  } catch {
    throw foreign()
  }
  throw foreign()
}

function equal(term: SortTerm, value: BoundValue): Predicate {
  if (term.test !== undefined) return value === 1 ? term.test : { not: term.test }
  return { ...columnOf(term), is: 'eq', value }
}

function columnOf({ column, given }: SortTerm): Given {
  return given === undefined ? { column } : { column, given }
}

/** Absent values come before all others. */
function beyond(term: SortTerm, value: BoundValue): Predicate {
  const column = columnOf(term)
  if (term.test !== undefined) return value === 1 ? { not: term.test } : false
  if (!term.descending) return value === null ? { ...column, is: 'ne', value: null } : { ...column, is: 'gt', value }
  if (value === null) return false
  const smaller: Predicate = { ...column, is: 'lt', value }
  return term.name === 'id' ? smaller : { any: [smaller, { ...column, is: 'eq', value: null }] }
}

/**
 * Said once more for the first field alone, so that an index starts at the cursor instead of at the beginning. Absent values
 * come before all or after all others, and no single range holds them and what is greater or smaller: then there are two.
 */
function bounds(first: SortTerm | undefined, value: BoundValue): Pick<Rest, 'each'> {
  if (first === undefined || first.test !== undefined || first.given !== undefined) return {}
  const { column, descending } = first
  const absent: Predicate = { column, is: 'eq', value: null }
  if (value === null) return { each: descending ? [absent] : [absent, { column, is: 'ne', value: null }] }
  if (!descending) return { each: [{ column, is: 'gte', value }] }
  const smaller: Predicate = { column, is: 'lte', value }
  return { each: first.field.required === true ? [smaller] : [smaller, absent] }
}

/** Not a secret: it only tells a list from another. */
function fingerprint(list: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < list.length; index++) hash = Math.imul(hash ^ list.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}

function foreign(): Error {
  return badValue('cursor', 'is not a cursor of this list; take it from `paging.next`')
}

const longest = 4_000
