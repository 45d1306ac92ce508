import type { Call } from '../../endpoint/call.ts'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { newLink } from '../links.ts'
import { userOfStranger } from '../newcomer.ts'
import { arrive } from '../oidc.ts'
import type { Room } from '../room.ts'
import { enterByCookie } from './enter-by-cookie.ts'
import { readState } from './oidc-cookie.ts'

/** Providers add names of their own to the query, so none is refused here; what is not asked for is not read. */
export function finishOidc(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'auth.finish_oidc',
    method: 'GET',
    path: '/auth/oidc/:provider/callback',
    description: 'Where a provider sends the browser back to. Opens a cookie session.',
    authorize: allow.everyone,
    rateLimit: 30,
    handler: async (call) => {
      const provider = String(call.params['provider'])
      const base = new URL(call.url).origin
      const stranger = await arrive(room, { provider, base, query: call.query, state: readState(room, call) })
      const user = await userOfStranger(room, stranger)
      if (user.totp !== null) return askFactor(room, call, { id: user.id, returnTo: stranger.returnTo })
      return enterByCookie(room, call, { user, detail: { provider }, returnTo: stranger.returnTo })
    },
  })
}

/** A provider's word stands for the password, never for the second factor. */
async function askFactor(
  room: Room,
  call: Call,
  user: { readonly id: number; readonly returnTo: string },
): Promise<EmptyAnswer> {
  const link = await newLink(room, 'factor', { user: user.id, data: { returnTo: user.returnTo } })
  call.reply.header('location', `${room.settings.apiBase}/auth/factor?link=${link}`).header('cache-control', 'no-store')
  return new EmptyAnswer(303)
}
