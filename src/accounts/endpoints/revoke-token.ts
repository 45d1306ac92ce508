import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { allow } from '../../rules/allow.ts'
import { audit } from '../audit.ts'
import { originOf } from '../audit-event.ts'
import type { Room } from '../room.ts'
import { revokeToken as revoke } from '../tokens.ts'
import { tokenParam } from './token-param.ts'

/** A token may revoke itself and its siblings: whoever finds one can always make it harmless. */
export function revokeToken(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'tokens.revoke',
    method: 'DELETE',
    path: '/tokens/:id',
    description: 'Revoke an API token: it is dead from the next request on.',
    authorize: allow.user,
    envelope: 'tokens',
    handler: async (call) => {
      const { id } = await tokenParam(room, call)
      await revoke(room, id)
      await audit(room, { event: 'token.revoked', ...originOf(call), detail: { token: id } })
      return new EmptyAnswer()
    },
  })
}
