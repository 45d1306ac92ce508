import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { removeFactor } from '../totp.ts'
import { requireUser } from '../users.ts'
import { idParam, userIdOf } from './people-endpoint.ts'

/** For whoever lost the device with the codes. One's own goes only with the own password. */
export function removeUserFactor(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'users.remove_factor',
    method: 'DELETE',
    path: '/auth/users/:id/factor',
    description: "Switch off another user's second factor. All sessions of that user end.",
    authorize: allow.role('admin'),
    envelope: 'users',
    handler: async (call) => {
      const { id } = await requireUser(room, idParam(call))
      if (id === userIdOf(call)) throw new PosternError('FORBIDDEN', 'The own second factor is switched off under /me.')
      await removeFactor(room, id)
      const detail = { user: id, on: false }
      await audit(room, { event: 'factor.changed', ...originOf(call), detail })
      return new EmptyAnswer()
    },
  })
}
