import { condition, type Right } from '../content/access.ts'
import { contentFor } from '../content/content-for.ts'
import type { ObjectType } from '../content/object-types.ts'
import type { SeenContent, SeenRows } from '../describe/why.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { isPosternError, PosternError } from '../errors/postern-error.ts'
import { saidCondition } from '../rules/to-condition.ts'
import { judgedBelow } from './explain-below.ts'
import { fieldsOf } from './explain-fields.ts'
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
  const { site, room } = serving
  const decide = async (name: string) =>
    saidCondition(await site.decide(name, { caller, params, method, path }), caller)
  const by = { actor: { caller }, decide }
  const object = await objectNamed(serving, reading)
  if (object !== undefined) {
    const { type, right, seen, judged } = object
    const rows = type.rules[right] === undefined ? undefined : await condition(type, right, by)
    const told = {
      type: type.name,
      condition: rows,
      ...(await fieldsOf({ room, type, right, by, object: seen ? params['id'] : undefined })),
      object: seen ? 'seen' : 'hidden',
    } as const
    return { ...told, ...judged }
  }
  const type = typeIn(path, search, serving)
  if (type === undefined) return undefined
  const right = rights[method]
  const asked = await room.asksBelow(right, { caller })
  const fields = await fieldsOf({ room, type, right, by })
  const seen = { type: type.name, condition: await condition(type, right, by), ...fields, asked }
  return right === 'read' ? { ...seen, rows: await rowsOf(serving, type, caller) } : seen
}

function typeIn(path: string, search: string, { room }: Serving): ObjectType | undefined {
  const filtered = new URLSearchParams(search).get('filter[object_type]')
  return [...path.split('/'), filtered].map((segment) => room.types.get(segment)).find((type) => type !== undefined)
}

interface Named {
  readonly type: ObjectType
  readonly right: Right
  readonly seen: boolean
  readonly judged: Pick<SeenContent, 'refused' | 'held'>
}

/** The object that `/api/objects/:id` and the like speak of, whether the caller may see it or not. */
async function objectNamed(serving: Serving, reading: Reading): Promise<Named | undefined> {
  const { room } = serving
  const { caller, method } = reading
  const place = placeOf(serving, reading)
  if (place === undefined) return undefined
  const { id, name, only, isBelow, sub, input } = place
  // At the address of one type that nobody may read the road says so before it looks for the object.
  if (method === 'GET' && !isBelow && only !== undefined && only.rules.read === undefined) return undefined
  const there = await contentFor(room, { caller, system: 'why' }).read(name, id)
  const type = room.types.get(there?.object_type)
  if (type === undefined) throw new PosternError('NOT_FOUND', `There is no object ${id.slice(0, 100)}.`)
  // What lies below an object is the object's own: to hang something there is to change it.
  const right = isBelow && method !== 'GET' ? 'update' : rights[method]
  const seen = await refusalOf(room.judge('read', input, { caller }))
  const refused = right === 'read' ? seen : await refusalOf(room.judge(right, input, { caller }))
  const judged = await judgedBelow(room, { id: Number(there?.id), right, caller, refused, sub })
  return { type, right, seen: seen === undefined, judged }
}

interface Place {
  readonly id: string
  /** `objects`, or the plural of `only`. */
  readonly name: string
  readonly only: ObjectType | undefined
  readonly isBelow: boolean
  /** The path's part behind the object. */
  readonly sub: string | undefined
  /** What operations on it are asked for with. */
  readonly input: Readonly<Record<string, unknown>>
}

function placeOf({ room, settings }: Serving, { endpoint, params }: Reading): Place | undefined {
  const { id } = params
  const [name = '', ...below] = endpoint.path.slice(settings.api.base.length + 1).split('/')
  const only = room.types.get(name)
  if (id === undefined || (name !== 'objects' && only === undefined)) return undefined
  const input = only === undefined ? { id } : { id, type: name }
  return { id, name, only, isBelow: below.length > 1, sub: below[1], input }
}

async function refusalOf(judged: Promise<void>): Promise<SeenContent['refused']> {
  try {
    await judged
    return undefined
  } catch (thrown) {
    if (!isPosternError(thrown)) throw thrown
    return { code: thrown.code, text: thrown.message }
  }
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
