import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { originOf } from '../audit-event.ts'
import { finishAddressChange as finish } from '../recover.ts'
import type { Room } from '../room.ts'
import { linkAnswer, linkBody } from './link-page.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function finishAddressChange(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.finish_address_change',
    method: 'POST',
    path: '/auth/email',
    description: 'Make a new e-mail address the own one, with the secret of the link that was sent to it.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 30,
    body: linkBody,
    handler: async (call, body) => {
      await finish(room, body.link, originOf(call))
      return linkAnswer(call, 'Your new address is confirmed. Please sign in again.', { changed: true })
    },
  })
}
