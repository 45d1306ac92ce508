import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { newSwitch, setSwitch as set, switchShape } from '../switches.ts'
import { peopleEndpoint } from './people-endpoint.ts'

export function setSwitch(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'switches.set',
    method: 'PUT',
    path: '/switches',
    description:
      'Hide (404), block (405), freeze (503) or retire (410) an endpoint, by its id, on every node within a second.',
    authorize: allow.role('admin'),
    envelope: 'switches',
    bodyLimit: 10_000,
    body: newSwitch,
    response: switchShape,
    handler: (call, body) => set(room, { ...body, by: call.caller }),
  })
}
