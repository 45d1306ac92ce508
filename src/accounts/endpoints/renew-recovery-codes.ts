import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import { renewRecoveryCodes as renew } from '../recovery-codes.ts'
import type { Room } from '../room.ts'
import { hasFactor } from '../sign-in.ts'
import { recoveryCodes } from './confirm-factor.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

export function renewRecoveryCodes(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.renew_recovery_codes',
    method: 'POST',
    path: '/me/factor/codes',
    description: 'Ten new recovery codes for the second factor, with the password; the earlier ones open nothing more.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({ password: currentPassword }),
    response: recoveryCodes,
    handler: async (call, { password }) => {
      const { id } = personOf(call)
      await refuseWrongPassword(room, call, password)
      if (!(await hasFactor(room, id))) {
        throw new PosternError('CONFLICT', 'This account has no second factor, so there is nothing to recover.')
      }
      const codes = await room.store.write.transaction(async (transaction) => {
        await audit(room, { event: 'factor.changed', ...originOf(call), detail: { codes: true } }, transaction)
        return renew(transaction, id)
      })
      call.reply.header('cache-control', 'no-store')
      return { recovery_codes: codes }
    },
  })
}
