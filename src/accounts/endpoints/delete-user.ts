import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { deleteUser as remove, requireUser } from '../users.ts'
import { idParam, userIdOf } from './people-endpoint.ts'

export function deleteUser(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'users.delete',
    method: 'DELETE',
    path: '/auth/users/:id',
    description: 'Delete a user for good: name and address become free, the id is never given again.',
    authorize: allow.role('admin'),
    envelope: 'users',
    handler: async (call) => {
      const { id } = await requireUser(room, idParam(call))
      if (id === userIdOf(call))
        throw new PosternError('FORBIDDEN', 'Nobody deletes the own account as an administrator.')
      await remove(room, id)
      await audit(room, { event: 'user.changed', ...originOf(call), detail: { user: id, deleted: true } })
      return new EmptyAnswer()
    },
  })
}
