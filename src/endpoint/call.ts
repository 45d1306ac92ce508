import type { Caller } from './caller.ts'
import type { Content } from './content.ts'
import type { Verb } from './method.ts'
import type { Reply } from './reply.ts'

/** What a handler gets. Every member may be taken out by destructuring. */
export interface Call {
  /** The id in the log, in `x-request-id` and in a problem's `instance`. */
  readonly id: string
  readonly method: Verb
  /** Absolute, without the query string. */
  readonly url: string
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  /** The parsed and validated body: JSON or form. `undefined` without one; text and bytes of other types as they are. */
  readonly body: unknown
  /** Without credentials; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly caller: Caller
  /** Where the request came from, as far as trusted proxies say; absent where the house itself calls. */
  readonly address?: string
  /** Aborted when the deadline passes, the client leaves or the thread is replaced. */
  readonly signal: AbortSignal
  /** Reads path, then query, then body. */
  readonly param: (name: string, fallback?: unknown) => unknown
  /** Content as this caller may see and change it. */
  readonly content: Content
  /** The only way around the rules; logged, counted and listed with its reason. */
  readonly asSystem: (reason: string) => { readonly content: Content }
  readonly reply: Reply
  readonly log: Log
}

export interface Log {
  readonly info: (message: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly warn: (message: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly error: (message: string, facts?: Readonly<Record<string, unknown>>) => void
}
