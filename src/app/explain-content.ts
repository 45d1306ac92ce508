import { condition, type Right } from '../content/access.ts'
import { contentFor } from '../content/content-for.ts'
import type { ObjectType } from '../content/object-types.ts'
import type { SeenContent, SeenRows } from '../describe/why.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { isPosternError } from '../errors/postern-error.ts'
import type { Serving } from './serving.ts'

export interface Reading {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
  readonly caller: Caller
  readonly method: Verb
  readonly path: string
  /** Absent where it was not kept. */
  readonly search?: string
}

const rights: Readonly<Record<Verb, Right>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}

/**
 * What the rules of content leave of a built-in operation: of the type that the path names, or of the object that it names.
 * Counted and read as the caller and as nobody's rule, which is why only administrators and developers may ask.
 */
export async function explainContent(serving: Serving, reading: Reading): Promise<SeenContent | undefined> {
  const { endpoint, caller, method, params, path, search = '' } = reading
  if (endpoint.place === 'site') return undefined
  const { room, site } = serving
  const object = await objectNamed(serving, reading)
  const type = object === undefined ? typeIn(path, search, serving) : room.types.get(object.type)
  if (type === undefined) return undefined
  const right = rights[method]
  const decide = (name: string) => site.decide(name, { caller, params, method, path })
  const found = await condition(type, right, { actor: { caller }, decide })
  const removed = type.ownNames.filter((name) => type.fields[name]?.private === true)
  const seen = { type: type.name, condition: found, removed }
  if (object !== undefined) return { ...seen, object: object.seen ? 'seen' : 'hidden' }
  return right === 'read' ? { ...seen, rows: await rowsOf(serving, type, caller) } : seen
}

function typeIn(path: string, search: string, { room }: Serving): ObjectType | undefined {
  const filtered = new URLSearchParams(search).get('filter[object_type]')
  return [...path.split('/'), filtered].map((segment) => room.types.get(segment)).find((type) => type !== undefined)
}

/** The object that `/api/objects/:id` and the like speak of, whether the caller may see it or not. */
async function objectNamed(
  { room, settings }: Serving,
  { endpoint, params, caller }: Reading,
): Promise<{ readonly type: string; readonly seen: boolean } | undefined> {
  const { id } = params
  const [name = ''] = endpoint.path.slice(settings.api.base.length + 1).split('/')
  const isContent = name === 'objects' || room.types.get(name) !== undefined
  if (id === undefined || !isContent) return undefined
  const there = await contentFor(room, { caller, system: 'why' }).read(name, id)
  if (there === null) return undefined
  return { type: there.object_type, seen: (await contentFor(room, { caller }).read(name, id)) !== null }
}

async function rowsOf({ room }: Serving, type: ObjectType, caller: Caller): Promise<SeenRows> {
  const all = await contentFor(room, { caller, system: 'why' }).list(type.name, one)
  const seen = await contentFor(room, { caller }).list(type.name, one).catch(refusedIsNone)
  const { total, total_is: totalIs } = all.paging
  return { seen: seen.paging.total, hidden: Math.max(0, total - seen.paging.total), at_least: totalIs === 'at_least' }
}

const one = { page_size: 1 }

/** A list of which no row can be seen is refused. */
function refusedIsNone(thrown: unknown): { readonly paging: { readonly total: number } } {
  if (isPosternError(thrown) && thrown.status < 404) return { paging: { total: 0 } }
  throw thrown
}
