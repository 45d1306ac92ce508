import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { tokenParam } from './token-param.ts'
import { tokenShape } from '../tokens.ts'

export function readToken(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'tokens.read',
    method: 'GET',
    path: '/tokens/:id',
    description: 'One API token: name, scopes, expiry, last use. Nobody is ever told its secret again.',
    authorize: allow.user,
    envelope: 'tokens',
    response: tokenShape,
    handler: (call) => tokenParam(room, call),
  })
}
