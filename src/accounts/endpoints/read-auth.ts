import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { requireUser } from '../users.ts'
import { userIdOf } from './people-endpoint.ts'

export function readAuth(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.read',
    method: 'GET',
    path: '/auth',
    description: 'Who is signed in, and by what.',
    authorize: allow.user,
    envelope: 'auth',
    response: z.object({ user: userShape, via: z.enum(['session', 'cookie', 'token']) }),
    handler: async ({ caller }) => {
      const user = await requireUser(room, userIdOf({ caller }))
      return { user: userJson(user), via: caller.kind === 'user' ? caller.via : 'token' }
    },
  })
}
