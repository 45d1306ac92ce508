import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { emailAddress } from '../identity.ts'
import { startReset as start } from '../recover.ts'
import type { Room } from '../room.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function startReset(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.start_reset',
    method: 'POST',
    path: '/auth/forgotten',
    description: 'Ask for a link for a new password. The answer is the same whether there is such a user or not.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 10,
    body: z.strictObject({ email: emailAddress }),
    handler: (call, body) => {
      start(room, body.email)
      call.reply.status(202)
      return { sent: true }
    },
  })
}
