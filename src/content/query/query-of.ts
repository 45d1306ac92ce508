import type { Input } from '../parts.ts'
import { badValue } from './filter-terms.ts'
import { isNamedValues } from '../named-values.ts'

/** The `query` of an operation's input: named values. */
export function queryOf(input: Input): Readonly<Record<string, unknown>> {
  const query = input['query'] ?? {}
  if (isNamedValues(query)) return query
  throw badValue('filter', 'must be named values')
}
