import { z } from 'zod'
import type { Call } from '../../endpoint/call.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { passwordLength } from '../password.ts'
import type { Room } from '../room.ts'
import { checkPassword } from '../sign-in.ts'
import { requireUser } from '../users.ts'
import { personOf, visitorOf } from './people-endpoint.ts'

/** As a password is sent to be checked: any that could ever have been set. */
export const currentPassword = z.string().min(1).max(passwordLength.max)

/** Asks for the password again before what cannot be undone; tries are limited like sign-ins. */
export async function refuseWrongPassword(room: Room, call: Call, password: string): Promise<void> {
  const { id } = personOf(call)
  const { name } = await requireUser(room, id)
  const user = await checkPassword(room, { username: name, password }, visitorOf(call))
  if (user?.id !== id) {
    throw new PosternError('INVALID', 'The current password is not right.', {
      errors: [{ path: 'body.password', message: 'is not right' }],
    })
  }
}
