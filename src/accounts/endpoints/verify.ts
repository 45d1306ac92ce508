import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { originOf } from '../audit-event.ts'
import { verifyAddress } from '../register.ts'
import type { Room } from '../room.ts'
import { linkAnswer, linkBody } from './link-page.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function verify(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.verify',
    method: 'POST',
    path: '/auth/verify',
    description: 'Prove an e-mail address with the secret of the link that was sent to it.',
    authorize: allow.everyone,
    envelope: 'auth',
    bodyLimit: 10_000,
    rateLimit: 30,
    body: linkBody,
    handler: async (call, body) => {
      await verifyAddress(room, body.link, originOf(call))
      return linkAnswer(call, 'Your address is confirmed. You can sign in now.', { verified: true })
    },
  })
}
