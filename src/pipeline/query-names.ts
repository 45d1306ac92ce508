import { PosternError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import type { Query } from './query-string.ts'
import type { RawCall } from './raw-call.ts'

/** Refuses (UNKNOWN_QUERY) any name that is not in the list; `filter[*]` in a list goes for every `filter[…]`. */
export function refuseUnknownNames(
  query: Query,
  allowed: readonly string[],
  raw: Pick<RawCall, 'method' | 'path'>,
): void {
  for (const name in query) {
    if (allowed.includes(name) || (allowed.includes('filter[*]') && /^filter\[[^\]]+\](\[[a-z]+\])?$/.test(name)))
      continue
    throw unknown(name, allowed, raw)
  }
}

function unknown(name: string, allowed: readonly string[], raw: Pick<RawCall, 'method' | 'path'>): PosternError {
  const near = nearest(name, allowed)
  const valid = allowed.length > 0 ? `Valid names: ${[...allowed].sort().join(', ')}.` : 'It takes none.'
  const guess = near === undefined ? '' : ` Did you mean "${near}"?`
  const detail = `${JSON.stringify(name)} is not a query name of ${raw.method} ${raw.path}. ${valid}${guess}`
  return new PosternError('UNKNOWN_QUERY', detail, { errors: [{ path: `query.${name}`, message: 'unknown name' }] })
}
