import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { originOf } from '../audit-event.ts'
import { finishReset as finish } from '../recover.ts'
import type { Room } from '../room.ts'
import { newPassword } from '../users.ts'
import { linkAnswer, linkBody } from './link-page.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function finishReset(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.finish_reset',
    method: 'POST',
    path: '/auth/reset',
    description: 'Set a new password with the secret of the link that was mailed. Ends every session of the user.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 30,
    body: linkBody.extend({ password: newPassword }),
    handler: async (call, body) => {
      await finish(room, { secret: body.link, password: body.password }, originOf(call))
      return linkAnswer(call, 'Your new password is set.', { changed: true })
    },
  })
}
