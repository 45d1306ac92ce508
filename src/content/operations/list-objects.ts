import type { Page, StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Row, SelectPlan } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import { refused } from '../access.ts'
import type { Actor } from '../actor.ts'
import { columnFor, type ObjectType } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { afterCursor, cursorAfter, type CursorOf } from '../query/cursor.ts'
import { badValue } from '../query/filter-terms.ts'
import { listRequest, type ListRequest } from '../query/list-request.ts'
import { countedAtMost } from '../query/paging.ts'
import { orderOf } from '../query/sort.ts'
import { sharedNames } from '../shared-fields.ts'
import { second, visibleOfType, visibleOfTypes } from '../visible.ts'

/** `{ type?, query? }`: a page of objects of one type (by name or plural) or of all. */
export async function listObjects(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const types = input['type'] === undefined ? parts.types.all : [parts.types.named(input['type'])]
  const request = listRequest(queryOf(input), { all: parts.types, types, now: second(parts) })
  const plan = await planOf(request, { parts, actor })
  return request.ids === undefined ? page(plan, request, parts) : byIds(plan, request, { parts, ids: request.ids })
}

function queryOf(input: Input): Readonly<Record<string, unknown>> {
  const query = input['query'] ?? {}
  if (typeof query !== 'object' || query === null) throw badValue('filter', 'must be named values')
  return query as Readonly<Record<string, unknown>>
}

interface By {
  readonly parts: Parts
  readonly actor: Actor
}

/** Rows of the list in its order, without page or limit. */
async function planOf(request: ListRequest, { parts, actor }: By): Promise<SelectPlan> {
  const { single } = request
  const order = orderOf(request.sort)
  if (single === undefined) {
    const where = await visibleOfTypes(request.types, { parts, actor, right: 'read' })
    return { from: 'objects', as: 'o', select: columns(request), where: allOf([where, ...request.filters]), order }
  }
  const visible = await visibleOfType(single, { parts, actor, right: 'read' })
  if (visible.condition === false) throw refused(actor, `reading ${single.plural}`)
  const plan: SelectPlan = {
    from: 'objects',
    as: 'o',
    select: columns(request),
    where: allOf([visible.where, ...request.filters]),
    order,
  }
  return single.ownNames.length === 0 ? plan : { ...plan, joins: [ownTable(single)] }
}

/** What is answered, and what the next cursor needs besides. */
function columns(request: ListRequest): readonly string[] {
  if (request.names === undefined) return request.single?.selectAll ?? sharedColumns
  return [...new Set([...request.names, ...request.sort.map((term) => term.field)])].map(columnFor)
}

export function ownTable(type: ObjectType): { table: string; as: string; on: Predicate } {
  return { table: type.table, as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } }
}

async function page(plan: SelectPlan, request: ListRequest, parts: Parts): Promise<Page> {
  const { page: number, pageSize, cursor } = request.paging
  const of: CursorOf = { terms: request.sort, type: request.single, list: request.fingerprint }
  const sought = cursor === undefined ? plan : { ...plan, where: allOf([plan.where ?? true, afterCursor(cursor, of)]) }
  const offset = cursor === undefined && number > 1 ? { offset: (number - 1) * pageSize } : {}
  const rows = await parts.read.rows({ ...sought, limit: pageSize + 1, ...offset })
  const more = rows.length > pageSize
  if (more) rows.pop()
  const last = rows.at(-1)
  const next = more && last !== undefined ? cursorAfter(last, of) : null
  const known =
    cursor === undefined && !more && (number === 1 || rows.length > 0)
      ? (number - 1) * pageSize + rows.length
      : undefined
  const total = await totalOf(plan, known, { parts, exact: request.paging.exact })
  return {
    data: await finished(rows, request, parts),
    paging: { page: number, page_size: pageSize, page_items: rows.length, ...total, next },
  }
}

async function totalOf(
  plan: SelectPlan,
  known: number | undefined,
  by: { parts: Parts; exact: boolean },
): Promise<{ total: number; total_is: 'exact' | 'at_least' }> {
  if (known !== undefined) return { total: known, total_is: 'exact' }
  if (by.exact) return { total: await by.parts.read.count(plan), total_is: 'exact' }
  const counted = await by.parts.read.count(plan, countedAtMost + 1)
  return counted > countedAtMost
    ? { total: countedAtMost, total_is: 'at_least' }
    : { total: counted, total_is: 'exact' }
}

/** The objects in the order of their ids as asked for; all of them or none (404). */
async function byIds(
  plan: SelectPlan,
  request: ListRequest,
  { parts, ids }: { parts: Parts; ids: readonly number[] },
): Promise<Page> {
  const rows = await parts.read.rows({ ...plan, where: allOf([plan.where ?? true, { column: 'o.id', in: ids }]) })
  const found = new Map((await finished(rows, request, parts)).map((one) => [one.id, one]))
  const data = ids.map((id) => {
    const one = found.get(id)
    if (one === undefined) throw new PosternError('NOT_FOUND', `There is no object ${id}.`)
    return one
  })
  const total = data.length
  return { data, paging: { page: 1, page_size: total, page_items: total, total, total_is: 'exact', next: null } }
}

/** Rows as they are answered: with their own fields where several types are mixed, without what only the cursor needed. */
async function finished(rows: Row[], request: ListRequest, parts: Parts): Promise<StoredObject[]> {
  if (request.single === undefined && request.names === undefined) await addOwnFields(rows, request.types, parts)
  const { names } = request
  if (names !== undefined) {
    const extra = request.sort.map((term) => term.field).filter((name) => !names.includes(name))
    for (const row of extra.length > 0 ? rows : []) for (const name of extra) delete row[name]
  }
  return rows as StoredObject[]
}

async function addOwnFields(rows: readonly Row[], types: readonly ObjectType[], parts: Parts): Promise<void> {
  for (const type of types) {
    const mine = rows.filter((row) => row['object_type'] === type.name)
    if (mine.length === 0 || type.selectOwn.length === 1) continue
    const ids = mine.map((row) => Number(row['id']))
    const own = await parts.read.rows({
      from: type.table,
      as: 't',
      select: type.selectOwn,
      where: { column: 't.id', in: ids },
    })
    const byId = new Map(own.map((row) => [row['id'], row]))
    for (const row of mine) Object.assign(row, byId.get(row['id']))
  }
}

function allOf(parts: readonly Predicate[]): Predicate {
  return { all: parts }
}

const sharedColumns = sharedNames.map((name) => `o.${name}`)
