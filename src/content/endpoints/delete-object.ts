import { EmptyAnswer } from '../../endpoint/envelope.ts'
import type { Handler } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { ContentRoom } from '../room.ts'
import { expected } from './entity-tag.ts'

/** `DELETE /api/objects/:id`. With `purge=true` an object goes for good, wherever it was. */
export function deleteObjectHandler(room: ContentRoom): Handler {
  return async ({ params, query, headers, caller }) => {
    const purge = query['purge']
    if (purge !== undefined && purge !== 'true' && purge !== 'false') {
      throw new PosternError('BAD_QUERY_VALUE', 'query.purge: must be true or false.', {
        errors: [{ path: 'query.purge', message: 'must be true or false' }],
      })
    }
    const input = { id: params['id'], ...expected(headers) }
    await room.perform(purge === 'true' ? 'objects.purge' : 'objects.trash', input, { caller })
    return new EmptyAnswer()
  }
}
