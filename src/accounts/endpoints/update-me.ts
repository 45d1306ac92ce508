import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import { emailAddress, userName } from '../identity.ts'
import { startAddressChange } from '../recover.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { requireUser, updateUser } from '../users.ts'
import { currentPassword, refuseWrongPassword } from './current-password.ts'
import { peopleEndpoint, personOf } from './people-endpoint.ts'

/** A new address has to be proved before it counts, and asking for one needs the password: whoever has it gets the account. */
export function updateMe(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'me.update',
    method: 'PATCH',
    path: '/me',
    description: 'Change the own name, or ask for another e-mail address, which is then proved by a mail to it.',
    authorize: allow.user,
    envelope: 'me',
    bodyLimit: 10_000,
    body: z.strictObject({
      name: userName.optional(),
      email: emailAddress.optional(),
      password: currentPassword.optional(),
    }),
    response: userShape,
    handler: async (call, { name, email, password }) => {
      const { id } = personOf(call)
      if (email !== undefined) await refuseWrongPassword(room, call, password ?? '')
      if (name !== undefined) {
        await updateUser(room, id, { name })
        await audit(room, { event: 'user.changed', ...originOf(call), detail: { changed: ['name'] } })
      }
      const user = await requireUser(room, id)
      if (email !== undefined) startAddressChange(room, user, email)
      return userJson(user)
    },
  })
}
