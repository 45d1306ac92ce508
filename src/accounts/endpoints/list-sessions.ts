import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { listSessions as list, sessionShape } from '../sessions.ts'
import { userIdOf } from './people-endpoint.ts'

export function listSessions(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.sessions',
    method: 'GET',
    path: '/auth/sessions',
    description: 'The sessions of the user: from where, since when, and which is this one.',
    authorize: allow.user,
    envelope: 'auth',
    response: z.array(sessionShape.extend({ current: z.boolean() })),
    handler: async (call) => {
      const current = call.caller.kind === 'user' ? call.caller.sessionId : undefined
      const sessions = await list(room, userIdOf(call))
      return sessions.map((session) => ({ ...session, current: session.id === current }))
    },
  })
}
