import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { updateUser } from '../users.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'
import { dropCookie } from './session-answer.ts'

export function deactivateMe(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.deactivate',
    method: 'POST',
    path: '/me/deactivate',
    description:
      'Put the own account out of use. Its sessions and tokens end at once; an administrator can bring it back.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({ password: currentPassword }),
    handler: async (call, body) => {
      const { id } = personOf(call)
      await refuseWrongPassword(room, call, body.password)
      await updateUser(room, id, { active: false })
      await audit(room, { event: 'user.deactivated', ...originOf(call) })
      dropCookie(room, call)
      return new EmptyAnswer()
    },
  })
}
