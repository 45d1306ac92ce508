import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { endSessions } from '../sessions.ts'
import { personOf } from './people-endpoint.ts'
import { dropCookie } from './session-answer.ts'

export function logoutEverywhere(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.logout_everywhere',
    method: 'DELETE',
    path: '/auth/all',
    description: 'Sign out everywhere: all sessions of the user end at once.',
    authorize: allow.user,
    envelope: 'auth',
    handler: async (call) => {
      await endSessions(room, { user: personOf(call).id })
      await audit(room, { event: 'sign-out', ...originOf(call), detail: { everywhere: true } })
      dropCookie(room, call)
      return new EmptyAnswer()
    },
  })
}
