import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { newFactor } from '../totp.ts'
import { requireUser } from '../users.ts'
import { personOf } from './people-endpoint.ts'

export function startFactor(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'me.start_factor',
    method: 'POST',
    path: '/me/factor',
    description: 'A new second factor for an authenticator app. It is in force once a first code was confirmed.',
    authorize: allow.user,
    envelope: 'me',
    handler: async (call) => {
      call.reply.header('cache-control', 'no-store')
      return newFactor(room, await requireUser(room, personOf(call).id))
    },
  })
}
