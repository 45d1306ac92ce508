import { PosternError } from '../../errors/postern-error.ts'
import { isNamedValues } from '../named-values.ts'

/** One `filter[name][operator]=value`, not yet understood. */
export interface FilterTerm {
  readonly name: string
  readonly operator: string
  /** Text from a query string; from a site's own code any plain value or a list. */
  readonly value: unknown
}

/** The query in its parts: names of the query string (`filter[a][gte]`) and nested data from code give the same. */
export interface QueryParts {
  readonly filters: readonly FilterTerm[]
  readonly others: ReadonlyMap<string, unknown>
}

export function queryParts(query: Readonly<Record<string, unknown>>): QueryParts {
  const filters: FilterTerm[] = []
  const others = new Map<string, unknown>()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    if (name === 'filter') filters.push(...nestedTerms(value))
    else if (name.startsWith('filter[')) filters.push(flatTerm(name, value))
    else others.set(name, value)
  }
  if (filters.length > mostFilters) throw badValue('filter', `at most ${mostFilters} filters`)
  return { filters, others }
}

export function badValue(name: string, message: string): PosternError {
  return new PosternError('BAD_QUERY_VALUE', `query.${name}: ${message}.`, {
    errors: [{ path: `query.${name}`, message }],
  })
}

export function termName(term: Pick<FilterTerm, 'name' | 'operator'>): string {
  return term.operator === 'eq' ? `filter[${term.name}]` : `filter[${term.name}][${term.operator}]`
}

function flatTerm(name: string, value: unknown): FilterTerm {
  const found = /^filter\[([^[\]]+)\](?:\[([a-z]+)\])?$/.exec(name)
  if (!found)
    throw new PosternError(
      'UNKNOWN_QUERY',
      `${JSON.stringify(name)} is not a filter; write filter[field] or filter[field][gte].`,
    )
  return { name: found[1] ?? '', operator: found[2] ?? 'eq', value }
}

function nestedTerms(value: unknown): FilterTerm[] {
  if (!isNamedValues(value)) throw badValue('filter', 'must name fields, as in filter[title]=…')
  return Object.entries(value).flatMap(([name, wanted]) => {
    if (!isNamedValues(wanted)) return [{ name, operator: 'eq', value: wanted }]
    return Object.entries(wanted).map(([operator, operand]) => ({ name, operator, value: operand }))
  })
}

const mostFilters = 20
