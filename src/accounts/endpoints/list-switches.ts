import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { switchShape } from '../switches.ts'

export function listSwitches(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'switches.list',
    method: 'GET',
    path: '/switches',
    description: 'Endpoints that are hidden, blocked, frozen or retired at the moment.',
    authorize: allow.role('admin'),
    envelope: 'switches',
    response: z.array(switchShape),
    handler: () => room.switches.all(),
  })
}
