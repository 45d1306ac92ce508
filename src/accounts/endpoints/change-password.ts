import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { newPassword, updateUser } from '../users.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

export function changePassword(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.change_password',
    method: 'POST',
    path: '/me/password',
    description: 'Change the own password. Every other session of the user ends.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({ password: currentPassword, new_password: newPassword }),
    handler: async (call, body) => {
      const { id, session } = personOf(call)
      await refuseWrongPassword(room, call, body.password)
      await updateUser(room, id, { password: body.new_password, keepSession: session })
      await audit(room, { event: 'password.changed', ...originOf(call) })
      return new EmptyAnswer()
    },
  })
}
