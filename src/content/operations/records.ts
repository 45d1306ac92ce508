import type { StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { SelectPlan } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Right } from '../access.ts'
import type { Actor } from '../actor.ts'
import { fieldKinds } from '../field-kinds.ts'
import { leads } from '../leads.ts'
import { fieldOf, type ObjectType, ownTable } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { partsFor } from '../parts-for.ts'
import { whereObject, type WhereObject } from '../query/where-object.ts'
import { withoutWithheld } from '../seen-types.ts'
import { visibleOfType } from '../visible.ts'
import { writeOutbox } from '../write-outbox.ts'
import { createObject } from './create-object.ts'
import { readObject } from './read-object.ts'
import { trashObject } from './trash-object.ts'
import { updateObject } from './update-object.ts'
import { isNamedValues } from '../named-values.ts'
import { storedRows } from '../stored.ts'

/*
 * What manifests declare on a type: `{ type, where?, id?, fields? }`. The endpoint's own rule has let the caller in, so it
 * acts for the system; where the type has a rule for the right, that rule holds as well.
 */

export async function getRecords(parts: Parts, input: Input, actor: Actor): Promise<StoredObject[]> {
  const asked = await selection(input, await declared(parts, input, { actor, right: 'read' }))
  const limit = asked.where.limit ?? mostRecords
  if (limit > mostRecords) throw new PosternError('BAD_QUERY_VALUE', `query.limit: at most ${mostRecords}.`)
  const offset = asked.where.offset === undefined ? {} : { offset: asked.where.offset }
  const rows = await parts.read.rows({ ...asked.plan, order: asked.where.order, limit, ...offset })
  withoutWithheld(rows, asked.type)
  return storedRows(rows)
}

export async function countRecords(parts: Parts, input: Input, actor: Actor): Promise<number> {
  const { plan } = await selection(input, await declared(parts, input, { actor, right: 'read' }))
  return parts.read.count(plan)
}

export async function findRecord(parts: Parts, input: Input, actor: Actor): Promise<StoredObject | null> {
  const by = await declared(parts, input, { actor, right: 'read' })
  return readObject(by.parts, input, by.actor)
}

export async function createRecord(parts: Parts, input: Input, actor: Actor): Promise<StoredObject> {
  const by = await declared(parts, input, { actor, right: 'create' })
  const fields = fitted(input['fields'], by.type)
  const created = await createObject(by.parts, { type: by.type.name, fields }, by.actor)
  return created as StoredObject
}

export async function insertRecords(parts: Parts, input: Input, actor: Actor): Promise<number> {
  const by = await declared(parts, input, { actor, right: 'create' })
  const { items } = input
  if (!Array.isArray(items) || items.length === 0)
    throw new PosternError('BAD_REQUEST', 'Send a list of at least one record.')
  const drafts = items.map((fields) => ({ type: by.type.name, fields: fitted(fields, by.type) }))
  const created = await createObject(by.parts, { items: drafts }, by.actor)
  return Array.isArray(created) ? created.length : 1
}

export async function updateRecord(parts: Parts, input: Input, actor: Actor): Promise<StoredObject> {
  const by = await declared(parts, input, { actor, right: 'update' })
  const { id: _id, ...changes } = fitted(input['fields'], by.type)
  if (Object.keys(changes).length === 0) throw new PosternError('BAD_REQUEST', 'Send at least one field to change.')
  return updateObject(by.parts, { ...input, changes }, by.actor)
}

/** All that fit, into the trash. Without a condition nothing goes: everything is never meant. */
export async function destroyRecords(parts: Parts, input: Input, actor: Actor): Promise<number> {
  const asked = await selection(input, await declared(parts, input, { actor, right: 'delete' }))
  if (!asked.where.filters)
    throw new PosternError('BAD_REQUEST', 'Say which records: without a condition nothing is deleted.')
  const now = parts.now()
  return parts.write.transaction(async (transaction) => {
    const rows = await transaction.rows({
      ...asked.plan,
      select: ['o.id', 'o.version'],
      order: [{ column: 'o.id' }],
      limit: mostDestroyed + 1,
      lock: true,
    })
    if (rows.length > mostDestroyed)
      throw new PosternError('BAD_REQUEST', `More than ${mostDestroyed} records fit; narrow the condition.`)
    const where: Predicate = { column: 'id', in: rows.map((row) => Number(row['id'])) }
    const { count } = await transaction.run({
      update: 'objects',
      set: { trashed: now, modified: now },
      add: { version: 1 },
      where,
    })
    for (const row of rows) {
      const gone = { operation: 'objects.trash', type: asked.type.name, id: Number(row['id']) }
      await writeOutbox(transaction, { ...gone, version: Number(row['version']) + 1 }, { actor, now })
    }
    return count
  })
}

export async function deleteRecord(parts: Parts, input: Input, actor: Actor): Promise<true> {
  const by = await declared(parts, input, { actor, right: 'delete' })
  await trashObject(by.parts, input, by.actor)
  return true
}

interface Selection {
  readonly type: ObjectType
  readonly plan: SelectPlan
  readonly where: WhereObject
}

async function selection(input: Input, { parts, actor, right, type }: Declared): Promise<Selection> {
  const where = whereObject(namedValues(input['where'] ?? {}), type)
  const visible = await visibleOfType(type, { parts, actor, right, elsewhere: leads(where.where, type) })
  const joins = type.ownNames.length === 0 ? {} : { joins: [ownTable(type)] }
  return {
    type,
    where,
    plan: { from: 'objects', as: 'o', ...joins, select: type.selectAll, where: { all: [visible.where, where.where] } },
  }
}

interface Declared {
  readonly parts: Parts
  readonly actor: Actor
  readonly right: Right
  readonly type: ObjectType
}

/** Rules on fields hold for the caller in any case: what an entry declares lets a caller in, and shows no field. */
async function declared(parts: Parts, input: Input, by: { actor: Actor; right: Right }): Promise<Declared> {
  const { actor, right } = by
  const { name, rules } = parts.types.named(input['type'])
  const { caller, system } = actor
  const acting: Actor = system === undefined || rules[right] !== undefined ? { caller } : { ...actor, declared: true }
  const seen = await partsFor(parts, acting)
  return { parts: seen, actor: acting, right, type: seen.types.named(name) }
}

/** Forms and old clients send text for everything: it is read as the field's kind writes it. */
function fitted(fields: unknown, type: ObjectType): Input {
  const entries = Object.entries(namedValues(fields)).map(([name, value]) => {
    const field = fieldOf(type, name)
    return [
      name,
      typeof value === 'string' && field !== undefined ? fieldKinds[field.kind].fromText(value) : value,
    ] as const
  })
  return Object.fromEntries(entries)
}

function namedValues(value: unknown): Input {
  if (isNamedValues(value)) return value
  throw new PosternError('BAD_REQUEST', 'Send named values.')
}

const mostRecords = 1_000
const mostDestroyed = 10_000
