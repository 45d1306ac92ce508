import type { Call } from '../../endpoint/call.ts'
import { EmptyAnswer, EnvelopeData } from '../../endpoint/envelope.ts'
import type { Definition } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { branches, type Branch } from '../operations/tree.ts'
import type { Input } from '../parts.ts'
import type { ContentRoom } from '../room.ts'
import { define, type Standing } from './define-builtin.ts'
import { expected } from './entity-tag.ts'
import { listQuery } from './query-names.ts'
import { listSchema } from './schemas.ts'
import { isNamedValues, refuseOtherNames } from '../named-values.ts'

/** One address of objects, whose parts are being described. */
export interface Around {
  /** `/api/objects`, `/api/cards`. */
  readonly path: string
  /** The name in the envelope. */
  readonly name: string
  /** Query names that its lists take besides the usual ones. */
  readonly query: readonly string[]
  /** Where the address is that of one type. */
  readonly type?: string
}

/** `GET /api/objects/:id/children`, `/descendants`, …: the objects around one in the tree. */
export function branchEndpoints(room: ContentRoom, around: Around): Definition[] {
  const only = around.type === undefined ? {} : { type: around.type }
  return branches.map((branch) =>
    define(
      {
        id: `${around.name}.${branch}`,
        methods: ['GET'],
        path: `${around.path}/:id/${branch}`,
        query: [...new Set([...listQuery, 'filter[object_type]', ...around.query])].filter((name) => name !== 'id'),
        schemas: { response: listSchema() },
        description: descriptions[branch],
        envelope: around.name,
        group: around.name,
      },
      async ({ params, query, caller }) => {
        const page = await room.perform('tree.list', { ...only, id: params['id'], branch, query }, { caller })
        return new EnvelopeData(page.data, page.paging)
      },
    ),
  )
}

/** `/api/objects/:id/children` and `/api/objects/:id/children/:child_id`: changing the tree. */
export function treeEndpoints(room: ContentRoom, path: string): Definition[] {
  const list = `${path}/:id/children`
  const one = `${list}/:child_id`
  const place: Standing = {
    id: 'tree.place',
    methods: ['GET'],
    path: one,
    description: 'The place of a child among the children.',
  }
  const add: Standing = {
    id: 'tree.add',
    methods: ['POST'],
    path: list,
    description: 'Puts objects under a section, at the end or at a position.',
  }
  const move: Standing = {
    id: 'tree.move',
    methods: ['PUT'],
    path: one,
    description: 'Gives a child another place; with `move_siblings` those in between make room.',
  }
  const remove: Standing = {
    id: 'tree.remove',
    methods: ['DELETE'],
    path: one,
    description: 'Takes a child from this section; the object itself stays.',
  }
  const placeOf = ({ params, headers }: Pick<Call, 'params' | 'headers'>): Input => ({
    id: params['id'],
    child: params['child_id'],
    ...expected(headers),
  })
  return [
    define(place, ({ params, caller }) => room.perform('tree.place', placeOf({ params, headers: {} }), { caller })),
    define(add, async ({ params, body, headers, caller, reply, url }) => {
      const input = { id: params['id'], items: unwrapped(body), ...expected(headers) }
      const { added, items } = await room.perform('tree.add', input, { caller })
      if (added > 0) reply.status(201).header('location', url)
      return items
    }),
    define(move, ({ params, body, headers, caller }) => {
      const { position, priority, move_siblings } = named(unwrapped(body), ['position', 'priority', 'move_siblings'])
      const input = { ...placeOf({ params, headers }), position: position ?? priority, move_siblings }
      return room.perform('tree.move', input, { caller })
    }),
    define(remove, async ({ params, headers, caller }) => {
      await room.perform('tree.remove', placeOf({ params, headers }), { caller })
      return new EmptyAnswer()
    }),
  ]
}

/** Clients of the ancestor wrap what they send in `data`, and nothing stands beside it. */
export function unwrapped(body: unknown): unknown {
  return isNamedValues(body) && 'data' in body ? named(body, ['data'])['data'] : body
}

/** Values by these names; others are refused (UNKNOWN_FIELD). */
export function named(body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isNamedValues(body)) throw new PosternError('BAD_BODY', 'Send named values.')
  refuseOtherNames(body, names, 'body')
  return body
}

const descriptions: Readonly<Record<Branch, string>> = {
  children: 'What a section holds, in order.',
  contents: 'What a section holds, in order, without other sections.',
  sections: 'The sections that a section holds, in order.',
  descendants: 'Everything below a section, however deep.',
  siblings: 'What else the first parent holds.',
  parents: 'The sections that hold the object.',
  ancestors: 'All sections above the object, however high.',
}
