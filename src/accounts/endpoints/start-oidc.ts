import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { depart, ownPath } from '../oidc.ts'
import type { Room } from '../room.ts'
import { keepState } from './oidc-cookie.ts'

export function startOidc(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.start_oidc',
    method: 'GET',
    path: '/auth/oidc/:provider',
    description: 'Sign in elsewhere, with OpenID Connect: sends the browser to the provider.',
    authorize: allow.everyone,
    rateLimit: 30,
    query: z.strictObject({ return_to: z.string().max(1_000).optional() }),
    handler: async (call) => {
      const provider = String(call.params['provider'])
      const base = new URL(call.url).origin
      const { location, state } = await depart(room, { provider, base, returnTo: ownPath(call.query.return_to) })
      keepState(room, call, state)
      call.reply.header('location', location).header('cache-control', 'no-store')
      return new EmptyAnswer(303)
    },
  })
}
