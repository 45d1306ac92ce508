import type { Handler } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { ContentRoom } from '../room.ts'
import { entityTag } from './entity-tag.ts'

/** `GET /api/objects/:id`, `GET /api/cards/:id`. What the caller may not see is not found. */
export function readObjectHandler(room: ContentRoom, type?: string): Handler {
  const only = type === undefined ? {} : { type }
  return async ({ params, query, caller, reply }) => {
    const found = await room.perform('objects.read', { ...only, id: params['id'], query }, { caller })
    if (found === null) throw new PosternError('NOT_FOUND', `There is no object ${String(params['id']).slice(0, 100)}.`)
    if (typeof found['version'] === 'number') reply.header('etag', entityTag(found['version']))
    return found
  }
}
