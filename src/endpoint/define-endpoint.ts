import type { Schema } from '../schema/standard.ts'
import type { Call } from './call.ts'
import type { Verb } from './method.ts'
import type { Rule } from './rule.ts'

/** All that can be said of an endpoint beside its schemas and its code. A file's own place already says `method` and `path`. */
export interface EndpointFacts {
  /** Stable name in the log, in OpenAPI and in the client; absent: made of the source, method and path. */
  readonly id?: string
  readonly method?: Verb | readonly Verb[]
  /** `/api/items/:code`, `/api/docs/*rest`. */
  readonly path?: string
  /** Who may call it. */
  readonly authorize?: Rule
  readonly description?: string
  readonly deprecated?: boolean
  readonly tags?: readonly string[]
  /** Milliseconds until 504. */
  readonly timeout?: number
  /** Bytes of body until 413. */
  readonly bodyLimit?: number
  /** Media types of bodies; absent: JSON and forms. Text comes as text, other types as bytes. */
  readonly accepts?: readonly string[]
  /** Requests per minute for each caller. */
  readonly rateLimit?: number
  /** The name in `api` of the envelope; absent: what the handler returns is the body. */
  readonly envelope?: string
  /** Listed on `GET /api` under this name. */
  readonly indexed?: string
  /** Wins over an addon's endpoint on the same method and path. */
  readonly override?: boolean
}

/** The call with its validated parts typed. */
export type TypedCall<Params, Query, Body> = Omit<Call, 'params' | 'query' | 'body'> & {
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

export interface EndpointOptions<Params, Query, Body> extends EndpointFacts {
  readonly params?: Schema<Params>
  readonly query?: Schema<Query>
  readonly body?: Schema<Body>
  readonly response?: Schema
  readonly handler: (call: TypedCall<Params, Query, Body>) => unknown
}

/** An endpoint as its author wrote it, before a source has given it a place. */
export interface DefinedEndpoint extends EndpointFacts {
  readonly [endpointMark]: true
  readonly params?: Schema
  readonly query?: Schema
  readonly body?: Schema
  readonly response?: Schema
  readonly handler: (call: never) => unknown
}

/** Registered by name, so that it is the same mark in every thread and every copy of the package. */
const endpointMark = Symbol.for('postern.endpoint')

const known = new Set([
  'id',
  'method',
  'path',
  'authorize',
  'description',
  'deprecated',
  'tags',
  'timeout',
  'bodyLimit',
  'rateLimit',
  'envelope',
  'indexed',
  'override',
  'params',
  'query',
  'body',
  'response',
  'handler',
])

/**
 * Says more of an endpoint than a bare function can: rule, schemas, limits, words. Throws on a name it does not know.
 * Three type parameters, one for each part of the input: nothing can be inferred from one object that holds the handler too.
 */
export function defineEndpoint<Params = Call['params'], Query = Call['query'], Body = unknown>(
  options: EndpointOptions<Params, Query, Body>,
): DefinedEndpoint {
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`defineEndpoint does not know ${JSON.stringify(unknown)}.`)
  if (typeof options.handler !== 'function') throw new TypeError('defineEndpoint needs a handler.')
  return Object.freeze({ ...options, [endpointMark]: true as const })
}

export function isDefinedEndpoint(value: unknown): value is DefinedEndpoint {
  return typeof value === 'object' && value !== null && endpointMark in value
}
