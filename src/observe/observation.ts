import type { SeenFault, SeenProblem } from './seen.ts'

/** Everything worth noting, as plain data. `thrown` alone may be anything; sinks go through `describeThrown`. */
export type Observation =
  | { readonly kind: 'server.started'; readonly address: string; readonly ms: number }
  | { readonly kind: 'server.stopping'; readonly reason: string; readonly underWay: number }
  | { readonly kind: 'server.stopped'; readonly ms: number; readonly cut: number }
  | RequestDone
  | RequestFailed
  /** What the HTTP parser could not read: there is no request to speak of. */
  | { readonly kind: 'request.malformed'; readonly code: string; readonly status: number; readonly ip: string }
  | { readonly kind: 'site.opened'; readonly endpoints: number; readonly ms: number }
  | {
      readonly kind: 'site.swapped'
      readonly endpoints: number
      readonly ms: number
      readonly changed?: readonly string[]
    }
  /** The changed site was refused; the last good one goes on serving. */
  | { readonly kind: 'site.broken'; readonly problems: readonly SeenProblem[] }
  | { readonly kind: 'site.warned'; readonly problems: readonly SeenProblem[] }
  | {
      readonly kind: 'site.log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
      readonly facts?: Readonly<Record<string, unknown>>
      readonly requestId: string
      readonly endpoint: string
    }
  | { readonly kind: 'thread.lost'; readonly fault: SeenFault }
  | { readonly kind: 'thread.replaced'; readonly ms: number }
  | { readonly kind: 'circuit.opened'; readonly endpoint: string; readonly seconds: number; readonly faults: number }
  | { readonly kind: 'circuit.closed'; readonly endpoint: string }
  /** Somebody went around the rules, and why. */
  | {
      readonly kind: 'system.used'
      readonly reason: string
      readonly operation: string
      readonly endpoint?: string
      readonly requestId?: string
      readonly caller: string
    }
  /** Something about people that an audit asks for: `user.created`, `token.revoked`, `session.reused`. */
  | { readonly kind: 'account.changed'; readonly event: string; readonly subject: string; readonly by?: string }
  /** After the disk had failed, writes are taken again. */
  | { readonly kind: 'store.mended'; readonly ms: number }
  /** A file of `migrations/` was applied; no steps where all of it was so already. */
  | { readonly kind: 'types.migrated'; readonly file: string; readonly steps: readonly string[]; readonly ms: number }
  /** Anything that went wrong outside a request. */
  | { readonly kind: 'house.failed'; readonly where: string; readonly thrown: unknown }

export interface RequestDone {
  readonly kind: 'request.done'
  readonly id: string
  readonly method: string
  readonly path: string
  /** Raw, as sent: sinks redact it. */
  readonly search: string
  readonly status: number
  readonly ms: number
  readonly ip: string
}

export interface RequestFailed {
  readonly kind: 'request.failed'
  readonly id: string
  readonly method: string
  readonly path: string
  readonly endpoint?: string
  readonly code: string
  readonly status: number
  readonly thrown: unknown
}

export type Level = 'debug' | 'info' | 'warn' | 'error'

/** How much it matters. */
export function levelOf(seen: Observation): Level {
  switch (seen.kind) {
    case 'request.done':
      return seen.status < 500 ? 'info' : 'warn'
    case 'request.failed':
      return seen.status < 500 ? 'debug' : 'error'
    case 'site.log':
      return seen.level
    case 'request.malformed':
      return 'debug'
    case 'site.broken':
    case 'thread.lost':
    case 'circuit.opened':
    case 'house.failed':
      return 'error'
    case 'site.warned':
      return 'warn'
    default:
      return 'info'
  }
}
