import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { confirmFactor as confirm } from '../totp.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) })

export function confirmFactor(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.confirm_factor',
    method: 'PUT',
    path: '/me/factor',
    description:
      'Put a second factor in force, with the password and a first code; answered with its recovery codes, this once. Every other session ends.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({
      secret: z.string().regex(/^[A-Z2-7]{16,64}$/),
      code: z.string().regex(/^\d{6}$/),
      password: currentPassword,
    }),
    response: recoveryCodes,
    handler: async (call, { secret, code, password }) => {
      const { id, session } = personOf(call)
      await refuseWrongPassword(room, call, password)
      const codes = await confirm(room, id, { secret, code, keepSession: session })
      await audit(room, { event: 'factor.changed', ...originOf(call), detail: { on: true } })
      call.reply.header('cache-control', 'no-store')
      return { recovery_codes: codes }
    },
  })
}
