import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { passwordLength } from '../password.ts'
import type { Room } from '../room.ts'
import { checkPassword as check } from '../sign-in.ts'
import { peopleEndpoint, visitorOf } from './people-endpoint.ts'

export function checkPassword(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.check',
    method: 'POST',
    path: '/auth/check',
    description: 'Whether a name and a password belong together. Opens no session; counts as a sign-in for the limits.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    body: z.strictObject({
      username: z.string().min(1).max(254),
      password: z.string().min(1).max(passwordLength.max),
      device: z.string().min(1).max(100).optional(),
    }),
    response: z.object({ valid: z.boolean() }),
    handler: async (call, body) => {
      call.reply.header('cache-control', 'no-store')
      return { valid: (await check(room, body, visitorOf(call, body.device))) !== undefined }
    },
  })
}
