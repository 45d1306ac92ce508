import type { Call } from '../endpoint/call.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Row } from '../store/port.ts'

/** What is worth knowing months later. Never a secret: `detail` names and counts, it does not quote. */
export interface AuditEvent {
  readonly event: AuditName
  readonly caller?: Caller | undefined
  /** Whom it is about, where that is not the caller. */
  readonly user?: number | undefined
  readonly address?: string | undefined
  /** The request's id. */
  readonly request?: string | undefined
  readonly detail?: Readonly<Record<string, unknown>>
}

export type AuditName =
  | 'sign-in'
  | 'sign-in.refused'
  | 'sign-out'
  | 'session.reuse'
  | 'user.created'
  | 'user.changed'
  | 'user.deactivated'
  | 'password.changed'
  | 'factor.changed'
  | 'factor.recovered'
  | 'token.created'
  | 'token.revoked'
  | 'switch.set'
  | 'switch.cleared'
  | 'refused'
  | 'as-system'

/** The part of an event that says by whose request it came about, and from where. */
export type Origin = Pick<AuditEvent, 'caller' | 'address' | 'request'>

export function originOf({ caller, address, id }: Pick<Call, 'caller' | 'address' | 'id'>): Origin {
  return { caller, address, request: id }
}

/** The row of an event that happened at `at`. */
export function auditRow(
  { event, caller, user, address = '', request = '', detail = {} }: AuditEvent,
  at: string,
): Row {
  const tokenId = caller === undefined || caller.kind === 'anonymous' ? undefined : caller.tokenId
  const userId = user ?? (caller?.kind === 'user' ? caller.id : undefined)
  return { at, event, user_id: userId ?? null, token_id: tokenId ?? null, address, request, detail }
}
