import type { Definition } from '../../endpoint/record.ts'
import type { ContentRoom } from '../room.ts'
import { define, type Standing } from './define-builtin.ts'
import { relationEndpoints } from './relation-endpoints.ts'
import { branchEndpoints, treeEndpoints } from './tree-endpoints.ts'
import { createObjectHandler } from './create-object.ts'
import { deleteObjectHandler } from './delete-object.ts'
import { listObjectsHandler } from './list-objects.ts'
import { readObjectHandler } from './read-object.ts'
import { trashEndpoints } from './trash-endpoints.ts'
import { updateObjectHandler } from './update-object.ts'
import { bodySchema, changesSchema, listSchema, objectSchemaOf } from './schemas.ts'
import { listQuery, readQuery } from './query-names.ts'

export interface ContentEndpointSettings {
  /** `/api`, without a slash at its end. */
  readonly base?: string
  /** Query names that lists take besides the usual ones, such as `filter[*]` or `filter[Card.name]`, by the endpoint's name. */
  readonly allowedQuery?: Readonly<Record<string, readonly string[]>>
  /** Object types, by plural or name, that have an address of their own. */
  readonly plurals?: readonly string[]
}

/** The built-in endpoints of content. Who may see and change what is the types' business; the endpoints are open. */
export function contentEndpoints(room: ContentRoom, settings: ContentEndpointSettings = {}): Definition[] {
  const path = `${settings.base ?? '/api'}/objects`
  return [
    ...readingEndpoints(room, path, settings),
    ...branchEndpoints(room, { path, name: 'objects', query: settings.allowedQuery?.['objects'] ?? [] }),
    ...treeEndpoints(room, path),
    ...relationEndpoints(room, { path, name: 'objects', query: settings.allowedQuery?.['objects'] ?? [] }),
    ...writingEndpoints(room, path),
    ...trashEndpoints(room, settings.base ?? '/api'),
    ...(settings.plurals ?? []).flatMap((name) => pluralEndpoints(room, name, settings)),
  ]
}

function readingEndpoints(room: ContentRoom, path: string, settings: ContentEndpointSettings): Definition[] {
  const list: Standing = {
    id: 'objects.list',
    methods: ['GET'],
    path,
    indexed: 'objects',
    query: [...listQuery, 'filter[object_type]', ...(settings.allowedQuery?.['objects'] ?? [])],
    schemas: { response: listSchema() },
    description: 'Objects that the caller may see, a page at a time.',
  }
  const read: Standing = {
    id: 'objects.read',
    methods: ['GET'],
    path: `${path}/:id`,
    query: readQuery,
    schemas: { response: objectSchemaOf() },
    description: 'One object by its id or slug.',
  }
  const texts: Standing = {
    id: 'translations.read',
    methods: ['GET'],
    path: `${path}/:id/translations`,
    description: 'By language, the texts that an object has besides its own.',
  }
  return [
    define(list, listObjectsHandler(room)),
    define(read, readObjectHandler(room)),
    define(texts, ({ params, caller }) => room.perform('translations.read', { id: params['id'] }, { caller })),
  ]
}

function writingEndpoints(room: ContentRoom, path: string): Definition[] {
  const { all } = room.types
  const create: Standing = {
    id: 'objects.create',
    methods: ['POST'],
    path,
    query: [],
    schemas: { body: bodySchema(all), response: objectSchemaOf() },
    description: 'Creates an object, or with a list several at once, all or none.',
  }
  const update: Standing = {
    id: 'objects.update',
    methods: ['PATCH'],
    path: `${path}/:id`,
    query: [],
    schemas: { body: changesSchema(all), response: objectSchemaOf() },
    description: 'Changes the fields that are named. With If-Match or `version`: only if nobody was faster.',
  }
  const remove: Standing = {
    id: 'objects.delete',
    methods: ['DELETE'],
    path: `${path}/:id`,
    query: ['purge'],
    schemas: {},
    description: 'Puts an object into the trash; with `purge=true` deletes it for good.',
  }
  return [
    define(create, createObjectHandler(room, path)),
    define(update, updateObjectHandler(room)),
    define(remove, deleteObjectHandler(room)),
  ]
}

/** `GET /api/cards` and `/api/cards/:id`: the same operations, for one type. Only reading: other verbs are 405. */
export function pluralEndpoints(room: ContentRoom, name: string, settings: ContentEndpointSettings = {}): Definition[] {
  const type = room.types.named(name)
  const { plural } = type
  const path = `${settings.base ?? '/api'}/${plural}`
  const query = [...listQuery, ...(settings.allowedQuery?.[plural] ?? [])]
  return [
    define(
      {
        id: `${plural}.list`,
        methods: ['GET'],
        path,
        query,
        schemas: { response: listSchema(type) },
        indexed: plural,
        envelope: plural,
        group: plural,
        description: type.description ?? `All ${plural} that the caller may see.`,
      },
      listObjectsHandler(room, type.name),
    ),
    define(
      {
        id: `${plural}.read`,
        methods: ['GET'],
        path: `${path}/:id`,
        query: readQuery,
        schemas: { response: objectSchemaOf(type) },
        envelope: plural,
        group: plural,
        description: `One ${type.name} by its id or slug.`,
      },
      readObjectHandler(room, type.name),
    ),
    ...branchEndpoints(room, { path, name: plural, query, type: type.name }),
    ...relationEndpoints(room, { path, name: plural, query, type: type.name }),
  ]
}
