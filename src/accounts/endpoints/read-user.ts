import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { requireUser } from '../users.ts'
import { idParam } from './people-endpoint.ts'

export function readUser(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'users.read',
    method: 'GET',
    path: '/auth/users/:id',
    description: 'One user.',
    authorize: allow.role('admin'),
    envelope: 'users',
    response: userShape,
    handler: async (call) => userJson(await requireUser(room, idParam(call))),
  })
}
