import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { requireUser } from '../users.ts'
import { userIdOf } from './people-endpoint.ts'

export function readMe(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'me.read',
    method: 'GET',
    path: '/me',
    description: 'The own account.',
    authorize: allow.user,
    envelope: 'me',
    indexed: 'me',
    response: userShape,
    handler: async (call) => userJson(await requireUser(room, userIdOf(call))),
  })
}
