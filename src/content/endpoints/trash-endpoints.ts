import { EmptyAnswer, EnvelopeData } from '../../endpoint/envelope.ts'
import type { Definition } from '../../endpoint/record.ts'
import type { ContentRoom } from '../room.ts'
import { define, type Standing } from './define-builtin.ts'
import { entityTag, expected } from './entity-tag.ts'
import { listQuery } from './query-names.ts'
import { listSchema, objectSchemaOf } from './schemas.ts'

/** `/api/trash` and `/api/trash/:id`: what was deleted, to be looked through, taken out again or done away with. */
export function trashEndpoints(room: ContentRoom, base: string): Definition[] {
  const common = { envelope: 'trash', group: 'trash', rule: 'token' } as const
  const one = `${base}/trash/:id`
  const list: Standing = {
    ...common,
    id: 'trash.list',
    methods: ['GET'],
    path: `${base}/trash`,
    query: [...listQuery, 'filter[object_type]'].filter((name) => name !== 'id'),
    schemas: { response: listSchema() },
    description: 'What lies in the trash and the caller might have put there.',
  }
  const restore: Standing = {
    ...common,
    id: 'objects.restore',
    methods: ['POST'],
    path: one,
    schemas: { response: objectSchemaOf() },
    description: 'Takes an object out of the trash.',
  }
  const purge: Standing = {
    ...common,
    id: 'objects.purge',
    methods: ['DELETE'],
    path: one,
    description: 'Deletes an object of the trash for good.',
  }
  return [
    define(list, async ({ query, caller }) => {
      const page = await room.perform('trash.list', { query }, { caller })
      return new EnvelopeData(page.data, page.paging)
    }),
    define(restore, async ({ params, headers, caller, reply }) => {
      const restored = await room.perform('objects.restore', { id: params['id'], ...expected(headers) }, { caller })
      reply.header('etag', entityTag(Number(restored['version'])))
      return restored
    }),
    define(purge, async ({ params, headers, caller }) => {
      await room.perform('objects.purge', { id: params['id'], trashed: true, ...expected(headers) }, { caller })
      return new EmptyAnswer()
    }),
  ]
}
