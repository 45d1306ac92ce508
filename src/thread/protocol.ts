import type { Endpoint } from '../endpoint/record.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import type { SiteAsked } from './site-code.ts'
import type { ResultData } from './result-data.ts'
import type { HookedCall, HookRecord, ShownBuiltins, WhenAsked } from './site.ts'

/**
 * What crosses between the house and a site's thread. Traffic travels in flat arrays (see `Outbox`): a kind, then as many
 * values as that kind has. The few messages of a thread's life are objects.
 */
export const toThread = {
  /** caller's number, caller */
  caller: 1,
  /** drops all numbered callers */
  forgetCallers: 2,
  /** sequence, endpoint's index, call (see `writeCall`) */
  call: 3,
  /** sequence, work (a `Work`) */
  work: 4,
  /** sequence */
  abort: 5,
  /** sequence, how many chunks more may come */
  pull: 6,
  /** sequence */
  dropStream: 7,
  /** number of the question, its answer */
  answered: 8,
  /** number of the question, ErrorData */
  refused: 9,
  /** nothing: proves that the thread's event loop turns */
  ping: 10,
  /** nothing: loading has left garbage, and nothing is under way */
  tidy: 11,
} as const

export const toHouse = {
  /** number of the headers, headers: the same ones will come again */
  headers: 1,
  /** sequence, status, headers or their number, body */
  answer: 2,
  /** sequence, ErrorData */
  error: 3,
  /** sequence, result of a `Work` */
  done: 4,
  /** sequence, status, headers or their number: chunks follow when pulled */
  stream: 5,
  /** sequence, bytes */
  chunk: 6,
  /** sequence, nothing */
  streamEnd: 7,
  /** sequence, ErrorData */
  streamError: 8,
  /** number of the question, operation, actor, input */
  ask: 9,
  /** a LogLine */
  log: 10,
} as const

/** Whatever a site's thread is asked beside calls of its endpoints, in plain data. */
export type Work =
  | { readonly kind: 'before'; readonly name: string; readonly call: HookedCall }
  | { readonly kind: 'after'; readonly name: string; readonly call: HookedCall; readonly result: ResultData }
  | { readonly kind: 'decide'; readonly name: string; readonly input: WhenAsked }
  | { readonly kind: 'operation'; readonly name: string; readonly input: unknown }

/** The first message to a thread; a spare one waits for it. */
export interface LoadMessage {
  readonly load: SiteAsked
  readonly shared: SharedArrayBuffer
}

/** What a thread says of its life. */
export type LifeMessage =
  | { readonly life: 'ready' }
  | { readonly life: 'loaded'; readonly site: LoadedData }
  | { readonly life: 'broken'; readonly problems: readonly SiteProblem[] }
  /** Something was thrown where nobody waits for it: the thread still runs, but nothing is known of its state. */
  | { readonly life: 'uncaught'; readonly stack: string; readonly lastBegun: number }

export interface LoadedData {
  readonly records: readonly Endpoint[]
  readonly types: readonly unknown[]
  readonly exposure: ShownBuiltins | undefined
  readonly hooks: readonly HookRecord[]
  readonly whenNames: readonly string[]
  readonly packages: readonly string[]
  readonly problems: readonly SiteProblem[]
  readonly settings: unknown
}

/** Reads a flat array from left to right. */
export class Reader {
  readonly #values: readonly unknown[]
  #at = 0

  constructor(values: readonly unknown[]) {
    this.#values = values
  }

  get done(): boolean {
    return this.#at >= this.#values.length
  }

  /** Both ends are ours and speak the same version: the type is what the writer put there. */
  next<T>(): T {
    return this.#values[this.#at++] as T
  }
}
