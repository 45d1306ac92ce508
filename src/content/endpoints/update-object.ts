import type { Handler } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { isNamedValues } from '../named-values.ts'
import type { ContentRoom } from '../room.ts'
import { entityTag, expected } from './entity-tag.ts'

/** `PATCH /api/objects/:id`. */
export function updateObjectHandler(room: ContentRoom): Handler {
  return async ({ body, params, headers, caller, reply }) => {
    if (!isNamedValues(body)) throw new PosternError('BAD_BODY', 'Changes are written as named values.')
    const changes = { ...body, ...expected(headers) }
    const changed = await room.perform('objects.update', { id: params['id'], changes }, { caller })
    reply.header('etag', entityTag(Number(changed['version'])))
    return changed
  }
}
