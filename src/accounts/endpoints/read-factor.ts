import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { countRecoveryCodes } from '../recovery-codes.ts'
import type { Room } from '../room.ts'
import { hasFactor } from '../sign-in.ts'
import { personOf } from './people-endpoint.ts'

export function readFactor(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'me.read_factor',
    method: 'GET',
    path: '/me/factor',
    description: 'Whether a second factor is in force, and how many of its recovery codes are left.',
    authorize: allow.user,
    envelope: 'me',
    response: z.object({ on: z.boolean(), recovery_codes_left: z.number() }),
    handler: async (call) => {
      const { id } = personOf(call)
      return { on: await hasFactor(room, id), recovery_codes_left: await countRecoveryCodes(room, id) }
    },
  })
}
