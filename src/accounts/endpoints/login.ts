import { z } from 'zod'
import type { Call } from '../../endpoint/call.ts'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { refuseForeignPage } from '../origin.ts'
import { passwordLength } from '../password.ts'
import type { Room } from '../room.ts'
import { refreshSession } from '../sessions.ts'
import { signIn } from '../sign-in.ts'
import { peopleEndpoint, visitorOf } from './people-endpoint.ts'
import { keysAnswer, sessionAnswer, sessionKeys } from './session-answer.ts'

const byPassword = z.strictObject({
  grant_type: z.literal('password').optional(),
  /** A name or an e-mail address. */
  username: z.string().min(1).max(254),
  password: z.string().min(1).max(passwordLength.max),
  /** Of the second factor, for whom it is switched on. */
  code: z.string().min(1).max(20).optional(),
  /** Keep the session in a cookie, for browsers. */
  cookie: z.boolean().optional(),
  /** What an earlier sign-in on this device was given. */
  device: z.string().min(1).max(100).optional(),
})

const byRefresh = z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string().min(1).max(200) })

const loginBody = z.discriminatedUnion('grant_type', [byPassword, byRefresh])

/** Signs in with name (or e-mail address) and password, or renews a session with its refresh token. */
export function login(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.login',
    method: 'POST',
    path: '/auth',
    description: 'Sign in with a name or e-mail address and a password, or renew a session with its refresh token.',
    authorize: allow.everyone,
    envelope: 'auth',
    indexed: 'auth',
    bodyLimit: 10_000,
    body: loginBody,
    response: sessionKeys,
    handler: async (call, body) => {
      if (body.grant_type === 'refresh_token') {
        return keysAnswer(room, call, (await refreshSession(room, body.refresh_token)).keys)
      }
      return withPassword(room, call, body)
    },
  })
}

async function withPassword(room: Room, call: Call, body: z.output<typeof byPassword>): Promise<unknown> {
  const kind = body.cookie === true ? 'cookie' : 'bearer'
  if (kind === 'cookie') refuseForeignPage(room.settings, call)
  const opened = await signIn(room, body, { ...visitorOf(call, body.device), kind })
  return sessionAnswer(room, call, opened)
}
