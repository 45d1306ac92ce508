import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { auditShape, listAudit as list } from '../audit.ts'
import type { Room } from '../room.ts'

export function listAudit(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'audit.list',
    method: 'GET',
    path: '/audit',
    description:
      'Sign-ins, refusals, changes of rights, tokens and switches, the newest first. Go on with `before` and the last id.',
    authorize: allow.role('admin'),
    envelope: 'audit',
    query: z.strictObject({
      event: z.string().max(50).optional(),
      user: z.int().positive().optional(),
      before: z.int().positive().optional(),
      page_size: z.int().min(1).max(100).default(20),
    }),
    response: z.array(auditShape),
    handler: async ({ query: { event, user, before, page_size: limit } }) => {
      await room.auditBuffer.write(room.store)
      return list(room, { event, user, before, limit })
    },
  })
}
