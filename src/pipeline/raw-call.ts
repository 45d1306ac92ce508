import type { Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'

/** An authorized call before validation: plain data, so that it can cross into the site's thread as it is. */
export interface RawCall {
  readonly id: string
  readonly method: Verb
  readonly path: string
  /** Absolute, without the query string. */
  readonly url: string
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly search: string
  /** Without credentials. */
  readonly headers: Readonly<Record<string, string>>
  /** Lower case, without parameters; empty where there is no body. */
  readonly mediaType: string
  readonly body: Uint8Array | undefined
  readonly caller: Caller
  /** The peer's address, as far as trusted proxies say. */
  readonly address?: string
}
