import type { Caller } from '../endpoint/caller.ts'

/** For whom an operation is done. With `system`, a reason, rules do not apply: the one way around them, never made from input. */
export interface Actor {
  readonly caller: Caller
  readonly system?: string
  /** The system acts on what a caller sent: the server's own fields stay the server's. */
  readonly declared?: boolean
}

/** Whether owner and times may be written: by the site's own code acting as the system, never from what a caller sent. */
export function mayGiveServerFields(actor: Actor): boolean {
  return actor.system !== undefined && actor.declared !== true
}
