import type { Page, StoredObject } from '../endpoint/content.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Join, Row, SelectPlan, Selected } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { refused } from './access.ts'
import type { Actor } from './actor.ts'
import type { Anchor } from './anchor.ts'
import { countPlan } from './count-plan.ts'
import { embed } from './embed.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import { addOwnFields } from './own-fields.ts'
import type { Parts } from './parts.ts'
import { afterCursor, cursorAfter, type CursorOf } from './query/cursor.ts'
import { listRequest, type ListRequest } from './query/list-request.ts'
import { countedAtMost } from './query/paging.ts'
import { orderOf, type SortTerm } from './query/sort.ts'
import { second } from './second.ts'
import { selectedField, withoutWithheld } from './seen-types.ts'
import { sharedNames } from './shared-fields.ts'
import { storedRows } from './stored.ts'
import { tied } from './tied.ts'
import { translate } from './translations.ts'
import { visibleOfType, visibleOfTypes, type Viewing } from './visible.ts'

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
  if (single !== undefined) return plansOfType(single, { subject, viewing, base, filters })
  return plansOfTypes(request.types, { subject, viewing, base, filters })
}

interface Planning {
  readonly subject: Subject
  readonly viewing: Viewing
  readonly base: SelectPlan & { readonly joins: readonly Join[] }
  readonly filters: readonly Predicate[]
}

async function plansOfType(type: ObjectType, { subject, viewing, base, filters }: Planning): Promise<Plans> {
  const visible = await visibleOfType(type, viewing)
  if (visible.condition === false && subject.anchor === undefined)
    throw refused(viewing.actor, `reading ${type.plural}`)
  const own = type.ownNames.length === 0 ? [] : [ownTable(type)]
  const rows = { ...base, joins: [...base.joins, ...own], where: { all: [visible.where, ...filters] } }
  const isOpen =
    visible.condition === true && !visible.isGuarded && subject.anchor === undefined && subject.trashed !== true
  return { rows, count: countPlan({ rows, type, isOpen, isMarkOwn: viewing.parts.types.isMarkOwn(type), filters }) }
}

async function plansOfTypes(
  types: readonly ObjectType[],
  { subject, viewing, base, filters }: Planning,
): Promise<Plans> {
  const isAll = types.length === viewing.parts.types.all.length
  const where = await visibleOfTypes(types, { ...viewing, elsewhere: viewing.elsewhere === true || isAll })
  const isBare = subject.anchor === undefined && subject.where === undefined && types.length > 0
  if (where === false && isBare) throw refused(viewing.actor, 'reading objects')
  const rows = { ...base, where: { all: [where, ...filters] } }
  return { rows, count: rows }
}

/** The trash is shown to whoever may put things there: that right is asked for beside the right to read. */
async function disposable(request: ListRequest, subject: Subject, by: By): Promise<readonly Predicate[]> {
  if (subject.trashed !== true) return []
  return [await visibleOfTypes(request.types, { ...by, right: 'delete', trashed: true })]
}

/** Whether another index than the type's leads to the rows: a link, a place in the tree, words, or the type's own table. */
function isNarrowedElsewhere(request: ListRequest, subject: Subject): boolean {
  if (subject.anchor !== undefined || subject.where !== undefined || request.ties.length > 0) return true
  return request.sort[0]?.column.startsWith('t.') === true || !request.filters.every(isOfObjects)
}

/** Conditions on shared fields alone; the indexes for these begin with the type. */
function isOfObjects(predicate: Predicate): boolean {
  if (typeof predicate === 'boolean') return true
  if ('all' in predicate) return predicate.all.every(isOfObjects)
  if ('any' in predicate) return predicate.any.every(isOfObjects)
  if ('not' in predicate) return isOfObjects(predicate.not)
  return 'column' in predicate && predicate.column.startsWith('o.') && !('matches' in predicate)
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

async function page({ rows: plan, count }: Plans, request: ListRequest, by: By): Promise<Page> {
  const { parts } = by
  const { page: number, pageSize, cursor } = request.paging
  const of: CursorOf = { terms: request.sort, list: request.fingerprint }
  const rowOf = async (id: number): Promise<Row | undefined> =>
    (await parts.read.rows({ ...only(plan, { column: 'o.id', is: 'eq', value: id }), limit: 1 }))[0]
  const sought = cursor === undefined ? plan : only(plan, await afterCursor(cursor, of, rowOf))
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
  const sorted = request.sort.filter((term) => term.name !== '@position' && names?.includes(term.name) !== true)
  const extra = sorted.filter((term) => names !== undefined || term.test !== undefined).map((term) => term.name)
  for (const row of rows) {
    for (const name of extra) delete row[name]
    if ('@position' in row) moveToMeta(row)
  }
  const typeOf = (name: unknown): ObjectType | undefined => parts.types.get(name)
  await translate(rows, request.lang, { reader: parts.read, typeOf })
  if (request.embed.length > 0) await embed(rows, request.embed, { parts, actor, types: request.types })
  return storedRows(rows)
}

function moveToMeta(row: Row): void {
  const { '@position': position, '@params': params } = row
  delete row['@position']
  delete row['@params']
  row['meta'] = params === undefined ? { position } : { position, relation_params: params ?? {} }
}

const sharedColumns = sharedNames.map((name) => `o.${name}`)
