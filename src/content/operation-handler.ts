import type { Call } from '../endpoint/call.ts'
import type { Content, StoredObject } from '../endpoint/content.ts'
import type { Handler } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'

/** The built-in operations that a manifest can declare on the type of its module's name. */
export type ManifestOperation = keyof typeof handlers

/** The reason under which manifests' operations run: what may be done is what the entry declares. */
export const declaredReason = 'declared in a manifest'

/** The handler of a manifest's built-in entry; it works through the call alone, so it runs wherever the entry does. */
export function operationHandler(name: string, type: string): Handler {
  const key = name.toLowerCase().replaceAll(' ', '-')
  if (!isOperation(key)) throw new TypeError(`There is no operation ${JSON.stringify(name)} for manifests.`)
  const perform = handlers[key]
  return (call) => perform({ call, type, content: call.asSystem(declaredReason).content })
}

interface Declared {
  readonly call: Call
  readonly type: string
  readonly content: Content
}

const handlers = {
  get: ({ call, type, content }: Declared) => content.perform('records.get', { type, where: call.query }),
  search: ({ call, type, content }: Declared) => content.perform('records.get', { type, where: call.body ?? {} }),
  'find-one': findOne,
  exists: async ({ call, type, content }: Declared) =>
    Response.json((await content.perform('records.find', { type, id: idOf(call) })) !== null),
  count: ({ call, type, content }: Declared) =>
    content.perform('records.count', { type, where: call.method === 'GET' ? call.query : (call.body ?? {}) }),
  create: create,
  'insert-batch': ({ call, type, content }: Declared) => content.perform('records.insert', { type, items: call.body }),
  update: ({ call, type, content }: Declared) =>
    missingRecord(content.perform('records.update', { type, id: idOf(call), fields: call.body ?? {} })),
  destroy: ({ call, type, content }: Declared) => content.perform('records.destroy', { type, where: call.body ?? {} }),
  'delete-one': ({ call, type, content }: Declared) =>
    missingRecord(content.perform('records.delete', { type, id: idOf(call) })),
} as const

async function findOne({ call, type, content }: Declared): Promise<StoredObject> {
  const found = (await content.perform('records.find', { type, id: idOf(call) })) as StoredObject | null
  if (found === null) throw notFound()
  return found
}

async function create({ call, type, content }: Declared): Promise<unknown> {
  const created = await content.perform('records.create', { type, fields: call.body })
  call.reply.status(201)
  return created
}

function idOf(call: Call): number {
  const { id } = call.params
  if (typeof id === 'string' && /^[1-9]\d{0,15}$/.test(id)) return Number(id)
  throw new PosternError('BAD_PARAM', 'params.id: must be the number of a record.', {
    errors: [{ path: 'params.id', message: 'must be the number of a record' }],
  })
}

async function missingRecord(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (thrown) {
    throw thrown instanceof PosternError && thrown.code === 'NOT_FOUND' ? notFound() : thrown
  }
}

function notFound(): PosternError {
  return new PosternError('NOT_FOUND', 'Record not found')
}

function isOperation(name: string): name is ManifestOperation {
  return Object.hasOwn(handlers, name)
}
