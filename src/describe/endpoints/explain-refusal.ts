import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { DescribePorts } from '../ports.ts'

/** Every refusal carries the id of its request; with it an administrator learns what the caller may not. */
export function explainRefusal(refusal: NonNullable<DescribePorts['refusal']>): DefinedEndpoint {
  return defineEndpoint({
    id: 'why.read',
    description:
      'Why a request was refused (401, 403, 404 or 412), by its `x-request-id`: what was answered then, and the steps of the road as they would be judged now.',
    authorize: { role: ['admin'] },
    params: z.object({ request: z.string() }),
    handler: async ({ params, reply }) => {
      const found = await refusal(params.request)
      if (found === undefined)
        throw new PosternError('NOT_FOUND', 'No refusal of that request is remembered; the last thousand are.')
      reply.header('cache-control', 'no-store')
      return found
    },
  })
}
