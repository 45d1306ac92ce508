import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import { emailAddress, userName } from '../identity.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { newPassword, updateUser as update } from '../users.ts'
import { idParam, peopleEndpoint, userIdOf } from './people-endpoint.ts'

/** Nobody gives roles to themselves, or takes themselves out of use: the last administrator stays one. */
export function updateUser(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'users.update',
    method: 'PATCH',
    path: '/auth/users/:id',
    description:
      "Change another user: name, e-mail address, password, roles, in use or not. Ends that user's sessions where rights change.",
    authorize: allow.role('admin'),
    envelope: 'users',
    bodyLimit: 10_000,
    body: z.strictObject({
      name: userName.optional(),
      email: emailAddress.nullable().optional(),
      password: newPassword.optional(),
      roles: z.array(z.string()).max(50).optional(),
      active: z.boolean().optional(),
    }),
    response: userShape,
    handler: async (call, body) => {
      const id = idParam(call)
      if (id === userIdOf(call))
        throw new PosternError('FORBIDDEN', 'The own account is changed under /me, and its roles by somebody else.')
      const { name, email, password, roles, active } = body
      const changes = {
        ...(name === undefined ? {} : { name }),
        ...(email === undefined ? {} : { email }),
        ...(password === undefined ? {} : { password }),
        ...(roles === undefined ? {} : { roles }),
        ...(active === undefined ? {} : { active }),
      }
      const user = await update(room, id, changes)
      const detail = { user: id, changed: Object.keys(changes) }
      await audit(room, { event: active === false ? 'user.deactivated' : 'user.changed', ...originOf(call), detail })
      return userJson(user)
    },
  })
}
