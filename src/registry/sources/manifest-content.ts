import type { Call } from '../../endpoint/call.ts'
import type { StoredObject } from '../../endpoint/content.ts'
import type { Handler } from '../../endpoint/record.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { readTerms, type Asked } from './manifest-terms.ts'

/** A manifest's built-in operation on objects of a type, as the caller may do it. Throws on a name it does not know. */
export function contentOperation(name: string, type: string): Handler {
  const operate = operations[name]
  if (!operate) throw new Error(`There is no built-in operation ${JSON.stringify(name)}.`)
  return (call) => operate(call, type)
}

type Operate = (call: Call, type: string) => unknown

const operations: Readonly<Record<string, Operate>> = {
  get: (call, type) => find(call, type, readTerms(call.query, 'query')),
  search: (call, type) => find(call, type, readTerms(call.body ?? {}, 'body')),
  'find-one': findOne,
  exists: async (call, type) => (await call.content.read(type, idOf(call))) !== null,
  count,
  create,
  'insert-batch': insertBatch,
  update,
  destroy,
  'delete-one': deleteOne,
}

async function find(call: Call, type: string, asked: Asked): Promise<readonly StoredObject[]> {
  const { limit, offset } = asked
  const wanted = limit === undefined ? undefined : offset + limit
  const [only, ...others] = asked.groups
  const rows =
    others.length === 0 && only
      ? await readAll(call, type, { filter: only, asked, wanted })
      : await readUnion(call, type, asked)
  return rows.slice(offset, wanted)
}

interface Reading {
  readonly filter: Asked['groups'][number]
  readonly asked: Asked
  /** Enough rows; absent: all there are. */
  readonly wanted: number | undefined
}

/** Page after page, in one order; too many to send are refused, never cut off. */
async function readAll(call: Call, type: string, { filter, asked, wanted }: Reading): Promise<readonly StoredObject[]> {
  const rows: StoredObject[] = []
  const sort = asked.sort === undefined || asked.sort === 'id' ? 'id' : asked.sort
  for (let page = 1; wanted === undefined || rows.length < wanted; page++) {
    call.signal.throwIfAborted()
    const found = await call.content.list(type, { filter, sort, page, page_size: pageSize })
    rows.push(...found.data)
    if (rows.length > mostRows) throw tooMany()
    if (found.data.length < pageSize) break
  }
  return rows
}

/** Each group by itself; a row that several find is there once. */
async function readUnion(call: Call, type: string, asked: Asked): Promise<readonly StoredObject[]> {
  const byId = new Map<number, StoredObject>()
  for (const filter of asked.groups) {
    for (const row of await readAll(call, type, { filter, asked, wanted: undefined })) byId.set(row.id, row)
    if (byId.size > mostRows) throw tooMany()
  }
  const field = asked.sort?.replace(/^-/, '') ?? 'id'
  const sign = asked.sort?.startsWith('-') ? -1 : 1
  return [...byId.values()].sort((one, other) => sign * compare(one[field], other[field]) || one.id - other.id)
}

async function findOne(call: Call, type: string): Promise<StoredObject> {
  const found = await call.content.read(type, idOf(call))
  if (found === null) throw notFound()
  return found
}

async function count(call: Call, type: string): Promise<number> {
  const asked = call.method === 'GET' ? readTerms(call.query, 'query') : readTerms(call.body ?? {}, 'body')
  const [only, ...others] = asked.groups
  if (others.length > 0 || !only) return (await readUnion(call, type, asked)).length
  return (await call.content.list(type, { filter: only, page_size: 1, count: 'exact' })).paging.total
}

async function create(call: Call, type: string): Promise<StoredObject> {
  const created = await call.content.create(type, fieldsOf(call.body))
  call.reply.status(201)
  return created
}

async function insertBatch(call: Call, type: string): Promise<number> {
  if (!Array.isArray(call.body) || call.body.length === 0)
    throw new PosternError('BAD_REQUEST', 'The body must be a list of objects.')
  const rows = call.body.map(fieldsOf)
  for (const row of rows) await call.content.create(type, row)
  return rows.length
}

async function update(call: Call, type: string): Promise<StoredObject> {
  const { id: _own, ...changes } = fieldsOf(call.body)
  return call.content.update(type, idOf(call), changes)
}

/** Never without a condition: an empty filter is a mistake, not a wish. */
async function destroy(call: Call, type: string): Promise<number> {
  const asked = readTerms(call.body ?? {}, 'body')
  if (asked.groups.some((group) => Object.keys(group).length === 0)) {
    throw new PosternError('BAD_REQUEST', 'Say which rows to delete: an empty filter would delete everything.')
  }
  const rows = await find(call, type, asked)
  for (const row of rows) await call.content.trash(type, row.id)
  return rows.length
}

async function deleteOne(call: Call, type: string): Promise<true> {
  await call.content.trash(type, idOf(call))
  return true
}

function idOf(call: Call): number {
  const { id } = call.params
  if (typeof id === 'string' && /^[1-9]\d{0,14}$/.test(id)) return Number(id)
  throw new PosternError('BAD_PARAM', 'The id must be a whole number.', {
    errors: [{ path: 'params.id', message: 'must be a whole number' }],
  })
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length > 0)
    return { ...body }
  throw new PosternError('BAD_REQUEST', 'No posted data: send an object with the fields to set.')
}

function compare(one: unknown, other: unknown): number {
  if (one === other) return 0
  if (one === null || one === undefined) return -1
  if (other === null || other === undefined) return 1
  return one < other ? -1 : 1
}

function notFound(): PosternError {
  return new PosternError('NOT_FOUND', 'Record not found')
}

function tooMany(): PosternError {
  return new PosternError('BAD_REQUEST', `More than ${mostRows} rows; say limit and offset, or ask for fewer.`)
}

const pageSize = 100
const mostRows = 10_000
