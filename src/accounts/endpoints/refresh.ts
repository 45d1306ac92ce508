import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { refreshSession } from '../sessions.ts'
import { peopleEndpoint } from './people-endpoint.ts'
import { keysAnswer, sessionKeys } from './session-answer.ts'

/** The same as signing in with `grant_type=refresh_token`, at an address of its own. */
export function refresh(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.refresh',
    method: 'POST',
    path: '/auth/refresh',
    description: 'New access and refresh tokens for a refresh token, which is used up by it.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 300,
    body: z.strictObject({ refresh_token: z.string().min(1).max(200) }),
    response: sessionKeys,
    handler: async (call, body) => keysAnswer(room, call, (await refreshSession(room, body.refresh_token)).keys),
  })
}
