import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { originOf } from '../audit-event.ts'
import { register as enrol, registration } from '../register.ts'
import type { Room } from '../room.ts'
import { userJson } from '../user.ts'
import { peopleEndpoint } from './people-endpoint.ts'

/** Nobody may, until the site says which roles a newcomer gets. */
export function register(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.register',
    method: 'POST',
    path: '/auth/register',
    description:
      'Register as a new user; nobody may until `accounts.register` says which roles a newcomer gets. With verification by mail the answer is 202, whoever the address belongs to.',
    authorize: room.settings.register === undefined ? allow.nobody : allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 10,
    body: registration,
    handler: async (call, body) => {
      const user = await enrol(room, body, originOf(call))
      call.reply.status(user === undefined ? 202 : 201)
      return user === undefined ? { sent: true } : userJson(user)
    },
  })
}
