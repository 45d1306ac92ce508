import type { Store } from '../store/port.ts'
import { auditRow, type AuditEvent } from './audit-event.ts'
import { isoTime } from './duration.ts'

/**
 * For what strangers can cause as often as they like: gathered and written once in a while, and beyond `limit` between two
 * writes only counted, so that nobody fills the disk by being refused.
 */
export interface AuditBuffer {
  readonly note: (event: AuditEvent) => void
  readonly write: (store: Store) => Promise<void>
}

export function createAuditBuffer(now: () => number, limit = 200): AuditBuffer {
  let kept: ReturnType<typeof auditRow>[] = []
  let dropped = 0

  async function write(store: Store): Promise<void> {
    const values = kept
    if (dropped > 0) values.push(auditRow({ event: 'refused', detail: { not_kept: dropped } }, isoTime(now())))
    kept = []
    dropped = 0
    if (values.length > 0) await store.write.run({ insert: 'account_audit', values })
  }

  return {
    note: (event) => {
      if (kept.length >= limit) dropped++
      else kept.push(auditRow(event, isoTime(now())))
    },
    write,
  }
}
