import type { StoredObject } from '../endpoint/content.ts'
import { must } from '../errors/must.ts'
import type { Row, Transaction } from '../store/port.ts'
import { refused } from './access.ts'
import type { Actor } from './actor.ts'
import { checkReferences } from './check-references.ts'
import { checkUnique, taken } from './check-unique.ts'
import { askRow, type FieldToAsk } from './field-writes.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import type { ParsedFields } from './parse-fields.ts'
import type { Parts } from './parts.ts'
import { slugify, withSuffix } from './slug.ts'
import { stored, storedRow } from './stored.ts'
import { writeTies, type Ties } from './ties.ts'
import { writeTranslations, type Translations } from './translations.ts'
import { visibleOfType } from './visible.ts'
import { keepGuards } from './write-guards.ts'
import { objectWords, writeWords } from './word-index.ts'
import { writeOutbox } from './write-outbox.ts'
import { writeLists } from './write-lists.ts'

/** An object that is to be created, with all that could be decided beforehand. */
export interface Draft {
  readonly type: ObjectType
  readonly fields: ParsedFields
  readonly ties: Ties
  readonly translations: Translations
  /** Whether the rule has still to be asked of the new row itself. */
  readonly ruled: boolean
  /** Fields of which the new row itself has still to be asked whether they may be written. */
  readonly asked: readonly FieldToAsk[]
  readonly path: string
}

interface By {
  readonly parts: Parts
  readonly actor: Actor
}

/** Writes a new object with its ties, and answers it as it is then read. */
export async function insertObject(transaction: Transaction, draft: Draft, by: By): Promise<StoredObject> {
  const { type, fields } = draft
  await checkReferences(transaction, { type, own: fields.own, path: draft.path }, by)
  await checkUnique(transaction, { type, own: fields.own, path: draft.path })
  const shared = await insertShared(transaction, draft, by)
  const id = Number(shared['id'])
  const texts = [...draft.translations.values()].filter((one) => one !== null)
  // None of these needs to know of another: a database that is not in this process gets them all at once.
  await Promise.all([
    transaction.run({ insert: type.table, values: { id, ...fields.own } }),
    writeLists(transaction, { type, own: fields.own, id }),
    writeTranslations(transaction, id, draft.translations),
    writeWords(transaction, id, objectWords(type, { ...shared, ...fields.own }, texts)),
    writeOutbox(
      transaction,
      { operation: 'objects.create', type: type.name, id, version: 1 },
      { actor: by.actor, now: String(shared['modified']) },
    ),
  ])
  if (draft.ruled) await askRule(transaction, { type, id }, by)
  await askRow(transaction, { type, id, asked: draft.asked }, by)
  await writeTies({ type, id, ties: draft.ties }, { transaction, ...by, path: draft.path })
  if (type.section) await keepGuards(transaction, [id])
  return type.veils.size === 0 ? answered(type, shared, fields.own) : stored(transaction, type, id)
}

/** The written values are what a read would give; private ones are left out. */
function answered(type: ObjectType, shared: Row, own: Row): StoredObject {
  const object: Row = {}
  for (const name of type.publicNames) object[name] = shared[name] ?? own[name] ?? null
  return storedRow(object)
}

/** A slug that was asked for is kept or refused; one made from the title gives way where it is taken. */
async function insertShared(transaction: Transaction, draft: Draft, by: By): Promise<Row> {
  const { slug } = draft.fields.shared
  const { title } = draft.fields.shared
  const wanted = typeof slug === 'string' ? slug : typeof title === 'string' ? slugify(title) : ''
  const base = wanted === '' ? draft.type.name.replaceAll('_', '-') : wanted
  const row = { ...sharedRow(draft, by), slug: wanted === '' ? withSuffix(base) : wanted }
  const first = await transaction.run({
    insert: 'objects',
    values: row,
    returning: ['id'],
    onConflict: { columns: ['slug'], update: [] },
  })
  if (first.rows[0] !== undefined) return { id: first.rows[0]['id'], ...row }
  if (slug !== undefined) throw taken('slug', draft.path)
  const other = { ...row, slug: withSuffix(base) }
  const second = await transaction.run({ insert: 'objects', values: other, returning: ['id'] })
  return { id: must(second.rows[0], 'an insert returns its row')['id'], ...other }
}

function sharedRow({ type, fields }: Draft, { parts, actor }: By): Row {
  const now = parts.now()
  return {
    object_type: type.name,
    status: 'on',
    slug: '',
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

/** The rule speaks of the row, so the row is there before it is asked; a refusal takes it away again. */
async function askRule(
  transaction: Transaction,
  { type, id }: { type: ObjectType; id: number },
  { parts, actor }: By,
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
