import { isSafe, type Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { errorTable, type ErrorCode } from '../errors/table.ts'
import { inputsOf } from './inputs.ts'

/** What the road may refuse before and around the handler; each by the step that refuses. */
export function impliedErrors(endpoint: Endpoint, verb: Verb): readonly ErrorCode[] {
  if (endpoint.rule === undefined) return [...credential, 'NOT_ACTIVATED', 'TOO_MANY_REQUESTS', 'INTERNAL']
  const inputs = inputsOf(endpoint, verb)
  const takesBody = inputs.body !== undefined
  return [
    'BAD_PATH',
    'BAD_QUERY',
    ...when(!inputs.anyQuery, 'UNKNOWN_QUERY'),
    ...when(endpoint.schemas.query !== undefined, 'BAD_QUERY_VALUE'),
    ...when(endpoint.schemas.params !== undefined, 'BAD_PARAM'),
    ...credential,
    ...when(endpoint.rule !== 'everyone', 'UNAUTHENTICATED', 'FORBIDDEN', 'OUT_OF_SCOPE'),
    ...when(!isSafe(verb), 'FOREIGN_ORIGIN'),
    ...when(inputs.path.length > 0 || endpoint.place === 'site', 'NOT_FOUND'),
    ...when(takesBody, 'BAD_BODY', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'),
    ...when(takesBody, 'INVALID'),
    ...when(endpoint.source === 'builtin' && !isSafe(verb), 'CONFLICT', 'STALE', 'FULL'),
    'TOO_MANY_REQUESTS',
    'INTERNAL',
    ...when(endpoint.missing !== undefined, 'NOT_IMPLEMENTED'),
    ...when(endpoint.place === 'site', 'SITE_THREAD_LOST', 'CIRCUIT_OPEN'),
    'TIMEOUT',
  ]
}

/** A credential that is sent and wrong is refused even where none is needed. */
const credential: readonly ErrorCode[] = ['BAD_CREDENTIAL_MIX', 'BAD_CREDENTIAL']

/** The codes by status, in the order of the statuses. */
export function byStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> {
  const grouped = Map.groupBy(codes, (code) => errorTable[code].status)
  return new Map([...grouped].toSorted(([a], [b]) => a - b))
}

function when(applies: boolean, ...codes: ErrorCode[]): readonly ErrorCode[] {
  return applies ? codes : []
}
