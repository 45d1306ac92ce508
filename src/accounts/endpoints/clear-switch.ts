import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import type { Room } from '../room.ts'
import { clearSwitch as clear } from '../switches.ts'

export function clearSwitch(room: Room): DefinedEndpoint {
  return defineEndpoint({
    id: 'switches.clear',
    method: 'DELETE',
    path: '/switches',
    description: 'Let an endpoint answer again.',
    authorize: allow.role('admin'),
    envelope: 'switches',
    query: z.strictObject({ endpoint: z.string().min(1).max(300) }),
    handler: async ({ query, caller }) => {
      const cleared = await clear(room, { endpoint: query.endpoint, by: caller })
      if (!cleared) throw new PosternError('NOT_FOUND', 'This endpoint is not switched off.')
      return new EmptyAnswer()
    },
  })
}
