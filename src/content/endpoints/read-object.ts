import type { Handler } from '../../endpoint/record.ts'
import { following } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { ContentRoom } from '../room.ts'
import { entityTag } from './entity-tag.ts'

/** `GET /api/objects/:id`, `GET /api/cards/:id`. What the caller may not see is not found. */
export function readObjectHandler(room: ContentRoom, type?: string): Handler {
  const only = type === undefined ? {} : { type }
  return (call) => {
    const { id } = call.params
    const reading = room.perform('objects.read', { ...only, id, query: call.query }, { caller: call.caller })
    return following(reading, (found) => {
      if (found === null) throw new PosternError('NOT_FOUND', `There is no object ${String(id).slice(0, 100)}.`)
      if (typeof found['version'] === 'number') call.reply.header('etag', entityTag(found['version']))
      return found
    })
  }
}
