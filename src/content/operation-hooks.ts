import type { Actor } from './actor.ts'

/** A write that the rules allow, about to be done or just done. */
export interface OperationEvent {
  readonly operation: string
  readonly actor: Actor
  readonly type: string
  /** Absent: not yet created. */
  readonly id?: number
  /** The fields as they were given. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Code around content operations, whichever face asked for them. It runs outside the transaction, and only once the rules
 * have let the actor pass: what is refused runs no hook.
 */
export interface OperationHooks {
  /** Whether there is any for this operation; asked before anything is prepared for them. */
  readonly has: (operation: string) => boolean
  /** Returns nothing, or throws to refuse. */
  readonly before: (event: OperationEvent) => Promise<void>
  /** After the commit. Returns the new result; `undefined` keeps the one it was given. */
  readonly after: (event: OperationEvent, result: unknown) => Promise<unknown>
}

export const noHooks: OperationHooks = { has: () => false, before: async () => {}, after: async () => undefined }
