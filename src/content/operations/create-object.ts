import type { StoredObject } from '../../endpoint/content.ts'
import { must } from '../../errors/must.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Row, Transaction } from '../../store/port.ts'
import { condition, refused } from '../access.ts'
import { mayGiveServerFields, type Actor } from '../actor.ts'
import { parseFields, type ParsedFields } from '../parse-fields.ts'
import type { ObjectType } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { slugify, withSuffix } from '../slug.ts'
import { visibleOfType } from '../visible.ts'
import { writeAccessLists } from '../write-access-lists.ts'
import { checkReferences } from '../check-references.ts'
import { stored } from './read-object.ts'
import { ownTable } from './list-objects.ts'

/**
 * `{ type, fields }`, or `{ items: [{ type, fields }, …] }` for several in one transaction, all or nothing. Answers the
 * object, or the list of objects.
 */
export async function createObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject | StoredObject[]> {
  const { items } = input
  if (items === undefined) {
    const draft = await prepare(parts, input, { actor, path: 'body' })
    return parts.write.transaction((transaction) => insert(transaction, draft, { parts, actor }))
  }
  if (!Array.isArray(items) || items.length === 0) throw new PosternError('BAD_REQUEST', 'Give at least one object.')
  if (items.length > mostItems) throw new PosternError('BAD_REQUEST', `At most ${mostItems} objects at once.`)
  const drafts: Draft[] = []
  for (const [index, item] of items.entries())
    drafts.push(await prepare(parts, asInput(item), { actor, path: `body.${index}` }))
  return parts.write.transaction(async (transaction) => {
    const created: StoredObject[] = []
    for (const draft of drafts) created.push(await insert(transaction, draft, { parts, actor }))
    return created
  })
}

/** Everything that can be decided before the transaction begins. */
interface Draft {
  readonly type: ObjectType
  readonly fields: ParsedFields
  /** Whether the rule has still to be asked of the new row itself. */
  readonly ruled: boolean
  readonly path: string
}

async function prepare(parts: Parts, input: Input, by: { actor: Actor; path: string }): Promise<Draft> {
  const type = parts.types.named(input['type'])
  const may = await condition(type, 'create', { actor: by.actor, decide: parts.decide })
  if (may === false) throw refused(by.actor, `creating ${type.plural}`)
  const fields = parseFields(type, asInput(input['fields'] ?? {}), {
    creating: true,
    system: mayGiveServerFields(by.actor),
    path: by.path,
  })
  return { type, fields, ruled: may !== true, path: by.path }
}

async function insert(
  transaction: Transaction,
  draft: Draft,
  by: { parts: Parts; actor: Actor },
): Promise<StoredObject> {
  const { type, fields } = draft
  await checkReferences(transaction, { type, own: fields.own, path: draft.path }, by)
  const id = await insertShared(transaction, draft, by)
  await transaction.run({ insert: type.table, values: { id, ...fields.own } })
  await writeAccessLists(transaction, { type, own: fields.own, id })
  if (draft.ruled) await askRule(transaction, { type, id }, by)
  return stored(transaction, type, id)
}

function sharedRow(
  { type, fields }: Pick<Draft, 'type' | 'fields'>,
  { parts, actor }: { parts: Parts; actor: Actor },
): Row {
  const now = parts.now()
  return {
    object_type: type.name,
    status: 'on',
    slug: slugFor(fields),
    title: null,
    description: null,
    lang: null,
    owner: actor.caller.kind === 'user' ? actor.caller.id : null,
    created: now,
    modified: now,
    published_from: null,
    published_until: null,
    version: 1,
    ...fields.shared,
  }
}

function slugFor({ shared }: ParsedFields): string {
  return typeof shared['title'] === 'string' ? slugify(shared['title']) : ''
}

/** A slug that was asked for is kept or refused; one made from the title gives way where it is taken. */
async function insertShared(
  transaction: Transaction,
  { type, fields }: Draft,
  by: { parts: Parts; actor: Actor },
): Promise<number> {
  const row = sharedRow({ type, fields }, by)
  const wanted = slugFor(fields)
  const isAsked = fields.shared['slug'] !== undefined
  const values = isAsked || wanted !== '' ? row : { ...row, slug: withSuffix(type.name.replaceAll('_', '-')) }
  const first = await transaction.run({
    insert: 'objects',
    values,
    returning: ['id'],
    onConflict: { columns: ['slug'], update: [] },
  })
  if (first.rows[0] !== undefined) return Number(first.rows[0]['id'])
  if (isAsked)
    throw new PosternError('CONFLICT', 'Already taken: slug', {
      errors: [{ path: 'slug', message: 'is already taken' }],
    })
  const second = await transaction.run({
    insert: 'objects',
    values: { ...values, slug: withSuffix(wanted) },
    returning: ['id'],
  })
  return Number(must(second.rows[0], 'an insert returns its row')['id'])
}

/** The rule speaks of the row, so the row is there before it is asked; a refusal takes it away again. */
async function askRule(
  transaction: Transaction,
  { type, id }: { type: ObjectType; id: number },
  { parts, actor }: { parts: Parts; actor: Actor },
): Promise<void> {
  const { where } = await visibleOfType(type, { parts, actor, right: 'create' })
  const found = await transaction.first({
    from: 'objects',
    as: 'o',
    joins: [ownTable(type)],
    select: ['o.id'],
    where: { all: [{ column: 'o.id', is: 'eq', value: id }, where] },
  })
  if (found === undefined) throw refused(actor, `creating this ${type.name}`)
}

function asInput(value: unknown): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input
  throw new PosternError('BAD_REQUEST', 'An object is written as named values.')
}

const mostItems = 1_000
