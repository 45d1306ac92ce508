import type { Page, StoredObject } from '../endpoint/content.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Join, Row, SelectPlan, Selected } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { refused } from './access.ts'
import type { Actor } from './actor.ts'
import type { Anchor } from './anchor.ts'
import { countPlan } from './count-plan.ts'
import { embed } from './embed.ts'
import { isIndexed, leads, leadsInOrder } from './leads.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import { addOwnFields } from './own-fields.ts'
import type { Parts } from './parts.ts'
import { afterCursor, cursorAfter, type CursorOf, type Rest } from './query/cursor.ts'
import { listRequest, type ListRequest } from './query/list-request.ts'
import { countedAtMost } from './query/paging.ts'
import { orderOf, type SortTerm } from './query/sort.ts'
import { second } from './second.ts'
import { selectedField, withoutWithheld } from './seen-types.ts'
import { sharedNames } from './shared-fields.ts'
import { storedRows } from './stored.ts'
import { tied } from './tied.ts'
import { translate } from './translations.ts'
import { visibleOfEach, visibleOfType, visibleOfTypes, type Viewing } from './visible.ts'

/** What is listed, before the query says more. */
export interface Subject {
  readonly types: readonly ObjectType[]
  readonly where?: Predicate
  readonly anchor?: Anchor
  /** Of the trash: what the actor may read and might have put there. */
  readonly trashed?: boolean
  /** Which list this is, so that a cursor of another is refused. */
  readonly name?: string
}

export interface By {
  readonly parts: Parts
  readonly actor: Actor
}

/** A page of what the actor may see. The one way in which objects are listed, whatever the face. */
export async function list(subject: Subject, query: Readonly<Record<string, unknown>>, by: By): Promise<Page> {
  const { parts } = by
  const natural = subject.anchor === undefined ? [] : [byPosition(subject.anchor)]
  const request = listRequest(query, {
    ...subject,
    name: subject.name ?? '',
    natural,
    relationsOf: (type) => parts.types.relationsOf(type),
    get now() {
      return second(parts)
    },
  })
  const plans = await plansOf(request, subject, by)
  return request.ids === undefined ? page(plans, request, by) : byIds(plans.rows, request, by)
}

interface Plans {
  readonly sort: readonly SortTerm[]
  /** Rows of the list in its order, without page or limit. */
  readonly rows: SelectPlan
  readonly count: SelectPlan
}

async function plansOf(request: ListRequest, subject: Subject, by: By): Promise<Plans> {
  const { parts, actor } = by
  const ties = await Promise.all(request.ties.map((tie) => tied(tie, { parts, actor })))
  const where = subject.where === undefined ? [] : [subject.where]
  const filters = [...request.filters, ...ties, ...where, ...(await disposable(request, subject, by))]
  const more = [...anchorColumns(subject.anchor), ...tests(request)]
  // As they are, the columns of a type need not be described anew (bench: list).
  const select = more.length === 0 ? columns(request) : [...columns(request), ...more]
  const joins = subject.anchor === undefined ? [] : [subject.anchor.join]
  const base = { from: 'objects', as: 'o', select, joins, order: orderOf(request.sort) }
  const elsewhere = isNarrowedElsewhere(request, subject)
  const viewing: Viewing = { parts, actor, right: 'read', elsewhere, trashed: subject.trashed === true }
  const { single } = request
  if (single !== undefined) return plansOfType(single, { request, subject, viewing, base, filters })
  return plansOfTypes({ request, subject, viewing, base, filters })
}

interface Planning {
  readonly request: ListRequest
  readonly subject: Subject
  readonly viewing: Viewing
  readonly base: SelectPlan & { readonly joins: readonly Join[] }
  readonly filters: readonly Predicate[]
}

async function plansOfType(type: ObjectType, planning: Planning): Promise<Plans> {
  const { request, subject, viewing, base, filters } = planning
  const ledBySort = viewing.elsewhere !== true && leadsBySort(request)
  const visible = await visibleOfType(type, ledBySort ? { ...viewing, elsewhere: true } : viewing)
  if (visible.condition === false && subject.anchor === undefined)
    throw refused(viewing.actor, `reading ${type.plural}`)
  const own = type.ownNames.length === 0 ? [] : [ownTable(type)]
  const where = [visible.where, ...filters]
  const sort = sortOf(request, where)
  const rows = { ...base, joins: [...base.joins, ...own], where: { all: where }, order: orderOf(sort) }
  const isOpen =
    visible.condition === true && !visible.isGuarded && subject.anchor === undefined && subject.trashed !== true
  const counted = ledBySort ? { all: [(await visibleOfType(type, viewing)).where, ...filters] } : rows.where
  const isMarkOwn = viewing.parts.types.isMarkOwn(type)
  return { sort, rows, count: countPlan({ rows: { ...rows, where: counted }, type, isOpen, isMarkOwn, filters }) }
}

async function plansOfTypes(planning: Planning): Promise<Plans> {
  const { request, subject, viewing, base, filters } = planning
  const { types } = request
  const isAll = types.length === viewing.parts.types.all.length
  const isBare = subject.anchor === undefined && subject.where === undefined && types.length > 0
  if (isApart(planning, isAll)) {
    const each = await visibleOfEach(types, viewing)
    if (each.length === 0 && isBare) throw refused(viewing.actor, 'reading objects')
    const rows = { ...base, where: { all: filters }, each }
    if (each.length > 0) return { sort: request.sort, rows, count: rows }
  }
  const elsewhere = viewing.elsewhere === true || viewing.trashed === true || isAll
  const where = await visibleOfTypes(types, { ...viewing, elsewhere })
  if (where === false && isBare) throw refused(viewing.actor, 'reading objects')
  const rows = { ...base, where: { all: [where, ...filters] } }
  return { sort: request.sort, rows, count: rows }
}

/** Whether every type is better looked for by an index of its own: what is in the order of the ids is so for all types at once. */
function isApart({ request, viewing, filters }: Planning, isAll: boolean): boolean {
  if (viewing.elsewhere === true || viewing.trashed === true || request.ids !== undefined) return false
  return !isAll || filters.length > 0 || request.sort[0]?.name !== 'id'
}

/** The trash is shown to whoever may put things there: that right is asked for beside the right to read. */
async function disposable(request: ListRequest, subject: Subject, by: By): Promise<readonly Predicate[]> {
  if (subject.trashed !== true) return []
  return [await visibleOfTypes(request.types, { ...by, right: 'delete', trashed: true, elsewhere: true })]
}

/** Whether another index than the type's leads to the rows: a link, a place in the tree, words, or the type's own table. */
function isNarrowedElsewhere(request: ListRequest, subject: Subject): boolean {
  if (subject.anchor !== undefined || subject.where !== undefined || request.ties.length > 0) return true
  return request.filters.some((filter) => leads(filter, request.single))
}

/** An order leads to all rows of the type and narrows nothing: for counting, the type's own index does. */
function leadsBySort({ sort: [first], single }: ListRequest): boolean {
  return first?.column.startsWith('t.') === true && first.given === undefined && isIndexed(single?.fields[first.name])
}

/** Where an index of the own table leads, its rows are in the order of its own ids, which the database must be told. */
function sortOf({ sort, single }: ListRequest, where: readonly Predicate[]): readonly SortTerm[] {
  const [first] = sort
  if (first?.name !== 'id' || single === undefined || !where.some((one) => leadsInOrder(one, single))) return sort
  return [{ ...first, column: 't.id' }]
}

/** What is answered, and what the next cursor needs besides. */
function columns(request: ListRequest): readonly Selected[] {
  const { names, single } = request
  if (names === undefined) return single?.selectAll ?? sharedColumns
  const sorted = request.sort.filter((term) => !term.name.startsWith('@')).map((term) => term.name)
  return [...new Set([...names, ...sorted])].flatMap((name) => selectedField(single, name))
}

function anchorColumns(anchor: Anchor | undefined): readonly Selected[] {
  if (anchor === undefined) return []
  const position = { column: anchor.position, as: '@position' }
  return anchor.params === undefined ? [position] : [position, { column: anchor.params, as: '@params' }]
}

function tests(request: ListRequest): readonly Selected[] {
  return request.sort.flatMap(({ name, test }) => (test === undefined ? [] : [{ test, as: name }]))
}

function byPosition(anchor: Anchor): SortTerm {
  return { name: '@position', column: anchor.position, field: { kind: 'integer' }, descending: false }
}

async function page({ sort, rows: plan, count }: Plans, request: ListRequest, by: By): Promise<Page> {
  const { parts } = by
  const { page: number, pageSize, cursor } = request.paging
  const of: CursorOf = { terms: sort, list: request.fingerprint }
  const rowOf = async (id: number): Promise<Row | undefined> =>
    (await parts.read.rows({ ...only(plan, { column: 'o.id', is: 'eq', value: id }), limit: 1 }))[0]
  const sought = cursor === undefined ? plan : rest(plan, await afterCursor(cursor, of, rowOf))
  const offset = cursor === undefined && number > 1 ? { offset: (number - 1) * pageSize } : {}
  const rows = await parts.read.rows({ ...sought, limit: pageSize + 1, ...offset })
  const more = rows.length > pageSize
  if (more) rows.pop()
  const last = rows.at(-1)
  const next = more && last !== undefined ? cursorAfter(last, of) : null
  const isLast = cursor === undefined && !more && (number === 1 || rows.length > 0)
  const known = isLast ? (number - 1) * pageSize + rows.length : undefined
  const total = await totalOf(count, known, { parts, exact: request.paging.exact })
  const paging = { page: number, page_size: pageSize, page_items: rows.length, ...total, next }
  return { data: await finished(rows, request, by), paging }
}

/** Of these rows those of which this holds too. */
function only(plan: SelectPlan, where: Predicate): SelectPlan {
  return { ...plan, where: { all: [plan.where ?? true, where] } }
}

/** Of these rows those after a cursor. */
function rest(plan: SelectPlan, { where, each }: Rest): SelectPlan {
  const [range, ...more] = each ?? []
  const after = only(plan, where)
  if (range === undefined) return after
  if (more.length === 0) return only(after, range)
  const parts = plan.each ?? [true]
  return { ...after, each: parts.flatMap((part) => [range, ...more].map((one) => ({ all: [part, one] }))) }
}

interface Total {
  readonly total: number
  readonly total_is: 'exact' | 'at_least'
}

/** The last page knows the total by itself; otherwise it is counted, no further than anybody wants to know. */
async function totalOf(
  plan: SelectPlan,
  known: number | undefined,
  by: { parts: Parts; exact: boolean },
): Promise<Total> {
  if (known !== undefined) return { total: known, total_is: 'exact' }
  if (by.exact) return { total: await by.parts.read.count(plan), total_is: 'exact' }
  const counted = await by.parts.read.count(plan, countedAtMost + 1)
  return counted > countedAtMost
    ? { total: countedAtMost, total_is: 'at_least' }
    : { total: counted, total_is: 'exact' }
}

/** The objects in the order of their ids as asked for; all of them or none (404). */
async function byIds(plan: SelectPlan, request: ListRequest, by: By): Promise<Page> {
  const ids = request.ids ?? []
  const rows = await by.parts.read.rows(only(plan, { column: 'o.id', in: ids }))
  const found = new Map((await finished(rows, request, by)).map((one) => [one.id, one]))
  const data = ids.map((id) => {
    const one = found.get(id)
    if (one === undefined) throw new PosternError('NOT_FOUND', `There is no object ${id}.`)
    return one
  })
  const total = data.length
  return { data, paging: { page: 1, page_size: total, page_items: total, total, total_is: 'exact', next: null } }
}

/** Rows as they are answered: with their own fields where several types are mixed, without what only the list needed. */
async function finished(rows: Row[], request: ListRequest, { parts, actor }: By): Promise<StoredObject[]> {
  if (request.single === undefined && request.names === undefined) await addOwnFields(rows, request.types, parts)
  withoutWithheld(rows, request.single)
  const { names } = request
  const extra = names === undefined ? [] : request.sort.map((term) => term.name).filter((name) => !names.includes(name))
  for (const [index, row] of rows.entries()) {
    for (const name of extra) if (!name.startsWith('@')) delete row[name]
    if ('@position' in row) moveToMeta(row)
    if ('@relevance' in row) rows[index] = withoutRank(row)
  }
  const typeOf = (name: unknown): ObjectType | undefined => parts.types.get(name)
  await translate(rows, request.lang, { reader: parts.read, typeOf })
  if (request.embed.length > 0) await embed(rows, request.embed, { parts, actor, types: request.types })
  return storedRows(rows)
}

/** As a new object: one from which something was deleted is dear to write as JSON (bench: words). */
function withoutRank({ '@relevance': _rank, ...object }: Row): Row {
  return object
}

function moveToMeta(row: Row): void {
  const { '@position': position, '@params': params } = row
  delete row['@position']
  delete row['@params']
  row['meta'] = params === undefined ? { position } : { position, relation_params: params ?? {} }
}

const sharedColumns = sharedNames.map((name) => `o.${name}`)
