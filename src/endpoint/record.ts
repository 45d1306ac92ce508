import type { Place } from '../errors/postern-error.ts'
import type { JsonSchema, Schema } from '../schema/standard.ts'
import type { Call } from './call.ts'
import type { Verb } from './method.ts'
import type { Rule } from './rule.ts'

export type SourceName = 'files' | 'controller' | 'manifest' | 'addon' | 'builtin'

/**
 * One endpoint, whoever wrote it: plain frozen data, so that it can cross threads, be listed, explained and compared.
 * The code behind it stays where it was loaded, in a `Definition` with the same `id`.
 */
export interface Endpoint {
  /** Unique and stable: `objects.list`, `files:GET /api/custom`, `members/account`. */
  readonly id: string
  readonly methods: readonly Verb[]
  /** `/api/items/:code`, `/api/docs/*rest`: literal segments, `:name` for one segment, `*name` last for the rest. */
  readonly path: string
  readonly source: SourceName
  /** The module, addon or controller it came with; groups it in lists. */
  readonly group?: string
  readonly origin: Place
  /** Absent: nobody said who may call it, so it is not activated (412). */
  readonly rule?: Rule
  /** For 412: the line to add, and where. */
  readonly activation?: string
  /** Where its code runs. */
  readonly place: 'house' | 'site'
  readonly description?: string
  readonly deprecated?: boolean
  readonly tags?: readonly string[]
  /** Names that a query string may hold, by verb; absent: any. A snapshot for docs where the code can change it. */
  readonly allowedQuery?: Readonly<Partial<Record<Verb, readonly string[]>>>
  readonly schemas: { readonly [Part in SchemaPart]?: JsonSchema }
  /** Milliseconds until 504. */
  readonly timeout: number
  /** Bytes of body, as read, until 413. */
  readonly bodyLimit: number
  /** Media types of bodies; absent: JSON and forms. */
  readonly accepts?: readonly string[]
  /** Requests per minute for each caller, where it differs from the site's. */
  readonly rateLimit?: number
  /** The name in `api` of the envelope; absent: what the handler returns is the body. */
  readonly envelope?: string
  /** Listed on `GET /api` under this name. */
  readonly indexed?: string
  /** Left out of lists and docs: it only refuses with a clear word, or is another spelling of a listed one. */
  readonly hidden?: boolean
  /** An addon's endpoint gives way to it. */
  readonly override?: boolean
  /** Why it can only answer 501: what the manifest names but the module lacks. */
  readonly missing?: string
}

export type SchemaPart = 'params' | 'query' | 'body' | 'response'

/** The record together with its code, held where that code runs. */
export interface Definition {
  readonly record: Endpoint
  readonly schemas: { readonly [Part in SchemaPart]?: Schema }
  readonly handler: Handler
  readonly before: readonly BeforeHook[]
  readonly after: readonly AfterHook[]
  /** Overrides `record.allowedQuery` where the code may change it at run time. */
  readonly allowedQuery?: (verb: Verb) => readonly string[] | undefined
}

export type Handler = (call: Call) => unknown

/** Returns nothing, or throws to refuse. */
export interface BeforeHook {
  readonly id: string
  readonly order: number
  readonly run: (call: Call) => unknown
}

/** Returns the new result; `undefined` keeps the one it was given. */
export interface AfterHook {
  readonly id: string
  readonly order: number
  readonly run: (call: Call, result: unknown) => unknown
}

export const defaultTimeout = 30_000
export const defaultBodyLimit = 1_048_576
