import { z } from 'zod'
import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { auditRow, type AuditEvent } from './audit-event.ts'
import { nowText, type Room } from './room.ts'

/** Written before the answer, in the change's own transaction where one is given. */
export async function audit(room: Room, event: AuditEvent, within?: Transaction): Promise<void> {
  await (within ?? room.store.write).run({ insert: 'account_audit', values: auditRow(event, nowText(room)) })
}

export type AuditRow = Readonly<z.output<typeof auditShape>>

/** The newest first; `before` is an id to go on from. */
export async function listAudit(
  room: Room,
  asked: {
    readonly event?: string | undefined
    readonly user?: number | undefined
    readonly before?: number | undefined
    readonly limit: number
  },
): Promise<AuditRow[]> {
  const parts: Predicate[] = []
  if (asked.event !== undefined) parts.push({ column: 'event', is: 'eq', value: asked.event })
  if (asked.user !== undefined) parts.push({ column: 'user_id', is: 'eq', value: asked.user })
  if (asked.before !== undefined) parts.push({ column: 'id', is: 'lt', value: asked.before })
  const select = ['id', 'at', 'event', 'user_id', 'token_id', 'address', 'request', 'detail']
  const order = [{ column: 'id', descending: true }]
  const rows = await room.store.read.rows({
    from: 'account_audit',
    select,
    where: { all: parts },
    order,
    limit: asked.limit,
  })
  return rows.map((row) => auditShape.parse(row))
}

export const auditShape = z.object({
  id: z.number(),
  at: z.string(),
  event: z.string(),
  user_id: z.number().nullable(),
  token_id: z.number().nullable(),
  address: z.string(),
  request: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
