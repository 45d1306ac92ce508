import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { createToken as create, newToken, tokenShape } from '../tokens.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

/** Acts for whoever makes it, and for nobody else: no field says otherwise. */
export function createToken(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'tokens.create',
    method: 'POST',
    path: '/tokens',
    description: 'A new API token that acts for the user. The answer is the only time its secret is shown.',
    authorize: allow.user,
    envelope: 'tokens',
    bodyLimit: 100_000,
    body: newToken,
    response: tokenShape.extend({ token: z.string() }),
    handler: async (call, body) => {
      const { id } = personOf(call)
      const made = await create(room, { ...body, user: id, creator: id })
      await audit(room, { event: 'token.created', ...originOf(call), detail: { token: made.id } })
      call.reply.status(201).header('cache-control', 'no-store')
      return made
    },
  })
}
