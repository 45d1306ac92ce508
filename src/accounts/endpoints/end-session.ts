import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { endSession as end, listSessions } from '../sessions.ts'
import { idParam, personOf } from './people-endpoint.ts'

export function endSession(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.end_session',
    method: 'DELETE',
    path: '/auth/sessions/:id',
    description: 'End one of the own sessions, wherever it is.',
    authorize: allow.user,
    envelope: 'auth',
    handler: async (call) => {
      const id = idParam(call)
      const own = await listSessions(room, personOf(call).id)
      if (!own.some((session) => session.id === id)) throw new PosternError('NOT_FOUND', 'There is no such session.')
      await end(room, id)
      await audit(room, { event: 'sign-out', ...originOf(call), detail: { session: id } })
      return new EmptyAnswer()
    },
  })
}
