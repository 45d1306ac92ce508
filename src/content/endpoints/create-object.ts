import type { StoredObject } from '../../endpoint/content.ts'
import type { Handler } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { ContentRoom } from '../room.ts'
import { entityTag } from './entity-tag.ts'
import { isNamedValues } from '../named-values.ts'
import { unwrapped } from './tree-endpoints.ts'

/** `POST /api/objects`: one object, or a list of them; clients of the ancestor wrap it in `data`. */
export function createObjectHandler(room: ContentRoom, path: string): Handler {
  return async ({ body, caller, headers, reply, url }) => {
    const given = ofOneOrMany(body)
    const key = headers['idempotency-key']
    const once = key === undefined ? {} : { idempotency_key: key }
    reply.status(201)
    if (Array.isArray(given))
      return room.perform('objects.create', { items: given.map((one) => draftOf(one)), ...once }, { caller })
    const created = (await room.perform('objects.create', { ...draftOf(given), ...once }, { caller })) as StoredObject
    reply
      .header('location', `${new URL(url).origin}${path}/${created.id}`)
      .header('etag', entityTag(Number(created['version'])))
    return created
  }
}

/** A type may have a field of that name. */
function ofOneOrMany(body: unknown): unknown {
  return isNamedValues(body) && 'object_type' in body ? body : unwrapped(body)
}

function draftOf(one: unknown): { readonly type: unknown; readonly fields: Readonly<Record<string, unknown>> } {
  if (!isNamedValues(one)) throw new PosternError('BAD_BODY', 'An object is written as named values.')
  const { object_type: type, ...fields } = one
  if (type === undefined)
    throw new PosternError('INVALID', 'body.object_type is required.', {
      errors: [{ path: 'body.object_type', message: 'is required' }],
    })
  return { type, fields }
}
