import { badValue } from './filter-terms.ts'

export interface PageRequest {
  readonly page: number
  readonly pageSize: number
  readonly cursor: string | undefined
  readonly exact: boolean
}

export const defaultPageSize = 20
export const maxPageSize = 100

/** Counting stops here unless `count=exact`. */
export const countedAtMost = 10_000

export function pageRequest(query: ReadonlyMap<string, unknown>): PageRequest {
  const page = wholeNumber('page', query.get('page')) ?? 1
  const pageSize = wholeNumber('page_size', query.get('page_size')) ?? defaultPageSize
  if (pageSize > maxPageSize) throw badValue('page_size', `at most ${maxPageSize}`)
  if (page * pageSize > deepestOffset)
    throw badValue('page', `pages end at ${deepestOffset} objects; go on with cursor=, as \`paging.next\` gives it`)
  const count = query.get('count')
  if (count !== undefined && count !== 'exact') throw badValue('count', 'must be exact')
  const cursor = query.get('cursor')
  if (cursor === undefined) return { page, pageSize, cursor, exact: count === 'exact' }
  if (typeof cursor !== 'string') throw badValue('cursor', 'must be text')
  if (query.has('page')) throw badValue('cursor', 'goes without page')
  return { page, pageSize, cursor, exact: count === 'exact' }
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const number = typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1) return number
  throw badValue(name, 'must be a whole number from 1')
}

/** Beyond this an offset costs more than an ordinary caller may cause. */
const deepestOffset = 100_000
