import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { endSession } from '../sessions.ts'
import { personOf } from './people-endpoint.ts'
import { dropCookie } from './session-answer.ts'

export function logout(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.logout',
    method: 'DELETE',
    path: '/auth',
    description: 'Sign out here: the session ends on the server at once.',
    authorize: allow.user,
    envelope: 'auth',
    handler: async (call) => {
      await endSession(room, personOf(call).session)
      await audit(room, { event: 'sign-out', ...originOf(call) })
      dropCookie(room, call)
      return new EmptyAnswer()
    },
  })
}
