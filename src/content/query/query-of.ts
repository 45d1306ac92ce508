import type { Input } from '../parts.ts'
import { badValue } from './filter-terms.ts'

/** The `query` of an operation's input: named values. */
export function queryOf(input: Input): Readonly<Record<string, unknown>> {
  const query = input['query'] ?? {}
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw badValue('filter', 'must be named values')
  return query as Readonly<Record<string, unknown>>
}
