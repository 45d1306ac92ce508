import type { Call } from '../../endpoint/call.ts'
import { EmptyAnswer, EnvelopeData } from '../../endpoint/envelope.ts'
import type { Definition } from '../../endpoint/record.ts'
import type { Input } from '../parts.ts'
import type { ContentRoom } from '../room.ts'
import { define, type Standing } from './define-builtin.ts'
import { expected } from './entity-tag.ts'
import { listQuery } from './query-names.ts'
import { listSchema } from './schemas.ts'
import { named, unwrapped, type Around } from './tree-endpoints.ts'

/** `/api/objects/:id/relations`, `/:name` and `/:name/:related_id`: reading and, of objects, changing relations. */
export function relationEndpoints(room: ContentRoom, around: Around): Definition[] {
  const path = `${around.path}/:id/relations`
  return [...readingEndpoints(room, around, path), ...(around.type === undefined ? changingEndpoints(room, path) : [])]
}

function readingEndpoints(room: ContentRoom, around: Around, path: string): Definition[] {
  const only = around.type === undefined ? {} : { type: around.type }
  const common = { methods: ['GET'], envelope: around.name, group: around.name } as const
  const prefix = around.type === undefined ? '' : `${around.name}.`
  const counts: Standing = {
    ...common,
    id: `${prefix}relations.count`,
    path,
    description: 'The relations of an object, with how many objects each leads to.',
  }
  const list: Standing = {
    ...common,
    id: `${prefix}relations.list`,
    path: `${path}/:name`,
    query: [...new Set([...listQuery, 'filter[object_type]', ...around.query])].filter((name) => name !== 'id'),
    schemas: { response: listSchema() },
    description: 'Related objects in order, each with its place and params in `meta`.',
  }
  const read: Standing = {
    ...common,
    id: `${prefix}relations.read`,
    path: `${path}/:name/:related_id`,
    description: 'The place and params of one link.',
  }
  return [
    define(counts, async ({ params, caller, url }) => {
      const found = await room.perform('relations.count', { ...only, id: params['id'] }, { caller })
      return Object.fromEntries(
        Object.entries(found).map(([name, { count }]) => [name, { count, url: `${url}/${name}` }]),
      )
    }),
    define(list, async ({ params, query, caller }) => {
      const page = await room.perform(
        'relations.list',
        { ...only, id: params['id'], name: params['name'], query },
        { caller },
      )
      return new EnvelopeData(page.data, page.paging)
    }),
    define(read, ({ params, caller }) =>
      room.perform(
        'relations.read',
        { ...only, id: params['id'], name: params['name'], related: params['related_id'] },
        { caller },
      ),
    ),
  ]
}

function changingEndpoints(room: ContentRoom, path: string): Definition[] {
  const one = `${path}/:name/:related_id`
  const add: Standing = {
    id: 'relations.add',
    methods: ['POST'],
    path: `${path}/:name`,
    description: 'Relates objects, with places and params; links that are there are written over.',
  }
  const change: Standing = {
    id: 'relations.change',
    methods: ['PUT'],
    path: one,
    description: 'Changes the place or the params of one link.',
  }
  const remove: Standing = {
    id: 'relations.remove',
    methods: ['DELETE'],
    path: one,
    description: 'Takes one link away; both objects stay.',
  }
  const linkOf = ({ params, headers }: Pick<Call, 'params' | 'headers'>): Input => ({
    id: params['id'],
    name: params['name'],
    related: params['related_id'],
    ...expected(headers),
  })
  return [
    define(add, async ({ params, body, headers, caller, reply, url }) => {
      const input = { id: params['id'], name: params['name'], items: unwrapped(body), ...expected(headers) }
      const { added, items } = await room.perform('relations.add', input, { caller })
      if (added > 0) reply.status(201).header('location', url)
      return items
    }),
    define(change, ({ params, body, headers, caller }) => {
      const { position, priority, params: values } = named(unwrapped(body), ['position', 'priority', 'params'])
      const input = { ...linkOf({ params, headers }), position: position ?? priority, params: values }
      return room.perform('relations.change', input, { caller })
    }),
    define(remove, async ({ params, headers, caller }) => {
      await room.perform('relations.remove', linkOf({ params, headers }), { caller })
      return new EmptyAnswer()
    }),
  ]
}
