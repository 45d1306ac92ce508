import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { createUser as create, newUser } from '../users.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function createUser(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'users.create',
    method: 'POST',
    path: '/auth/users',
    description: 'A new user, with roles.',
    authorize: allow.role('admin'),
    envelope: 'users',
    bodyLimit: 10_000,
    body: newUser,
    response: userShape,
    handler: async (call, body) => {
      const user = await create(room, body)
      await audit(room, { event: 'user.created', ...originOf(call), detail: { user: user.id } })
      call.reply.status(201)
      return userJson(user)
    },
  })
}
