import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import type { Answer } from '../pipeline/answer.ts'
import type { Awaitable } from '../errors/awaitable.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { Exposure, SiteProblem } from '../registry/site-folder.ts'

/**
 * One loaded state of a site's code, threaded or inline: the house sees its records and asks it to run them. Another
 * state is another Site; nothing in one is ever changed. All values are plain data.
 */
export interface Site {
  readonly records: readonly Endpoint[]
  readonly types: readonly unknown[]
  /** What the site says of built-in endpoints. */
  readonly exposure?: ShownBuiltins | undefined
  /** Hooks that go around built-in endpoints; the code of the others is already inside the definitions. */
  readonly hooks: readonly HookRecord[]
  readonly whenNames: readonly string[]
  /** Folders of installed packages that are part of it. Absolute. */
  readonly packages: readonly string[]
  /** Not fatal, or the site would not have opened. */
  readonly problems: readonly SiteProblem[]
  /** The plain data of the config file, checked. */
  readonly settings: unknown
  /**
   * Validate → before → handle → after → envelope of one of `records`. The signal of the client's leaving is asked for only
   * where somebody needs it (a handler that looks, a call that takes long), so that a quick call pays for none.
   */
  readonly perform: (endpointId: string, call: RawCall, leaving: () => AbortSignal) => Awaitable<Answer>
  /** A before-hook around a built-in; throws to refuse. */
  readonly before: (hookId: string, call: HookedCall) => Promise<void>
  readonly after: (hookId: string, call: HookedCall, result: unknown) => Promise<unknown>
  /** The verdict of `allow.when(name)`; a throw is `false`. Whoever asks about no rows takes nothing but `true` for a yes. */
  readonly decide: (name: string, facts: WhenAsked) => Promise<boolean | Rule>
  /** Hooks around content operations, by the type's declaration. */
  readonly operationHook: (name: string, input: unknown) => Promise<unknown>
  /** Lets what has begun finish within `grace` ms, then ends. */
  readonly close: (grace: number) => Promise<void>
}

/** The plain data of an `Exposure`. */
export type ShownBuiltins = Omit<Exposure, 'allowedQuery' | 'onChange'>

/** A site, or everything that keeps it from opening. */
export type Opening<S extends Site = Site> = { readonly site: S } | { readonly broken: readonly SiteProblem[] }

export interface HookRecord {
  readonly id: string
  readonly on: string
  readonly order: number
  readonly stages: readonly ('before' | 'after')[]
}

/** What a hook around a built-in sees of the call: plain data of it, validated by the built-in's schemas. */
export interface HookedCall {
  readonly raw: RawCall
  /** The id of the built-in. */
  readonly endpoint: string
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

export interface WhenAsked {
  readonly caller: Caller
  readonly params: Readonly<Record<string, unknown>>
  readonly method: string
  readonly path: string
}

/** What a site's code asks of the house while it runs, by name, in plain data: writes, system access, log lines. */
export interface HouseServices {
  /** A content operation that must go through the one writer. */
  readonly operate: (operation: string, input: unknown, actor: Actor) => Promise<unknown>
  readonly log: (line: LogLine) => void
}

/** On whose behalf; `system` is the reason given to `asSystem`. */
export interface Actor {
  readonly caller: Caller
  readonly system?: string
  /** The request and endpoint it happens for. */
  readonly requestId?: string
  readonly endpoint?: string
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly facts?: Readonly<Record<string, unknown>>
  readonly requestId: string
  readonly endpoint: string
}

/** Why and how a site's thread was lost, and which endpoint is to blame as far as can be told. */
export interface Fault {
  readonly kind: 'stall' | 'heap' | 'exit' | 'uncaught'
  readonly endpoint?: string
  readonly at?: { readonly file: string; readonly line?: number }
  readonly message: string
}
