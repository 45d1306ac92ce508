import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { originOf } from '../audit-event.ts'
import { createFirstAdmin } from '../first-admin.ts'
import { emailAddress, userName } from '../identity.ts'
import type { Room } from '../room.ts'
import { userJson } from '../user.ts'
import { newPassword } from '../users.ts'
import { linkAnswer, linkBody } from './link-page.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function firstAdmin(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.first_admin',
    method: 'POST',
    path: '/auth/first-admin',
    description: 'Become the first administrator, with the secret of the link that the first start printed.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 30,
    body: linkBody.extend({ name: userName, email: emailAddress, password: newPassword }),
    handler: async (call, body) => {
      const user = await createFirstAdmin(room, body, originOf(call))
      call.reply.status(201)
      return linkAnswer(call, 'You are the administrator. You can sign in now.', userJson(user))
    },
  })
}
