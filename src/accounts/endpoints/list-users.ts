import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { userJson, userShape } from '../user.ts'
import { listUsers as list } from '../users.ts'

export function listUsers(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'users.list',
    method: 'GET',
    path: '/auth/users',
    description: 'All users, by id. Go on with `after` and the last id.',
    authorize: allow.role('admin'),
    envelope: 'users',
    query: z.strictObject({
      after: z.int().min(0).default(0),
      page_size: z.int().min(1).max(100).default(20),
    }),
    response: z.array(userShape),
    handler: async ({ query }) => {
      const users = await list(room, { after: query.after, limit: query.page_size })
      return users.map(userJson)
    },
  })
}
