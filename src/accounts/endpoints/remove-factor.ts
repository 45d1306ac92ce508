import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { removeFactor as remove } from '../totp.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

export function removeFactor(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.remove_factor',
    method: 'POST',
    path: '/me/factor/off',
    description: 'Switch the second factor off, with the password. Every other session ends.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({ password: currentPassword }),
    handler: async (call, { password }) => {
      const { id, session } = personOf(call)
      await refuseWrongPassword(room, call, password)
      await remove(room, id, session)
      await audit(room, { event: 'factor.changed', ...originOf(call), detail: { on: false } })
      return new EmptyAnswer()
    },
  })
}
