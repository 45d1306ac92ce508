import type { Caller } from '../endpoint/caller.ts'
import type { Content } from '../endpoint/content.ts'
import type { Log } from '../endpoint/call.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Answer } from './answer.ts'
import type { Awaitable } from '../errors/awaitable.ts'
import type { Incoming } from './incoming.ts'
import type { RawCall } from './raw-call.ts'

/** All that the first half of the road asks of others. `app.ts` fits rooms to it; tests fit memory to it. */
export interface Ports {
  /** 400 404 405 */
  readonly route: (incoming: Incoming) => Routed
  /** 400 401; synchronous where the facts are in memory. */
  readonly authenticate: (incoming: Incoming) => Awaitable<Caller>
  /** 401 403 412 429 and the kill switch's 404 405 410 503 */
  readonly authorize: (endpoint: Endpoint, asked: Asked) => Awaitable<void>
  /** 413 415; reads the body, and only now. */
  readonly open: (endpoint: Endpoint, asked: Asked) => Awaitable<RawCall>
  /** 400 413 415 422 501 503 504: the second half, in the house or in the site's thread. */
  readonly perform: (endpoint: Endpoint, call: RawCall, incoming: Incoming) => Awaitable<Answer>
  /** Notes what was refused or went wrong, under the request's id; the caller is absent where it came before one was known. */
  readonly note: (incoming: Incoming, thrown: unknown, caller?: Caller) => void
}

export interface Routed {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

export interface Asked {
  readonly incoming: Incoming
  readonly params: Readonly<Record<string, string>>
  readonly caller: Caller
}

/** What the second half of the road puts into a handler's hands, wherever it runs. */
export interface Services {
  readonly contentFor: (caller: Caller) => Content
  readonly contentAsSystem: (caller: Caller, reason: string, call: RawCall) => Content
  /** Has the work know of the signal that comes when nobody waits for it any more; absent where nothing that runs could be stopped. */
  readonly attend?: <Result>(leaving: () => AbortSignal, work: () => Result) => Result
  readonly logFor: (call: RawCall, endpoint: Endpoint) => Log
}
