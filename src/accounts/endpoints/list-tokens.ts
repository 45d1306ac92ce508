import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { listTokens as list, tokenShape } from '../tokens.ts'
import { isAdmin, userIdOf } from './people-endpoint.ts'

/** One's own; an administrator's list holds everybody's and those that act for nobody. */
export function listTokens(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'tokens.list',
    method: 'GET',
    path: '/tokens',
    description: 'The API tokens that act for the user (for an administrator: all), without their secrets.',
    authorize: allow.user,
    envelope: 'tokens',
    response: z.array(tokenShape),
    handler: (call) => list(room, isAdmin(call) ? {} : { user: userIdOf(call) }),
  })
}
