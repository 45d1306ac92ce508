import type { Transaction } from '../store/port.ts'
import type { Actor } from './actor.ts'

/** Something that was done, told in the transaction that did it: there if and only if it was. */
export interface Change {
  readonly operation: string
  readonly type: string
  readonly id: number
  /** Of the object afterwards; absent: it is gone. */
  readonly version?: number
}

/**
 * Adds the change to the outbox, from which whoever tells others of changes reads in order (`outbox.read`). Old rows go by
 * themselves, so that it never grows beyond what a reader may have missed.
 */
export async function writeOutbox(
  transaction: Transaction,
  change: Change,
  by: { readonly actor: Actor; readonly now: string },
): Promise<void> {
  const { operation, type, id, version = null } = change
  const user = by.actor.caller.kind === 'user' ? by.actor.caller.id : null
  const values = { at: by.now, operation, object_type: type, object_id: id, version, user_id: user }
  const { rows } = await transaction.run({ insert: 'outbox', values, returning: ['id'] })
  const row = Number(rows[0]?.['id'])
  if (row % pruneEvery !== 0) return
  await transaction.run({ delete: 'outbox', where: { column: 'id', is: 'lt', value: row - keptRows } })
}

const pruneEvery = 1_000
const keptRows = 100_000
