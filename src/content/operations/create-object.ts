import type { StoredObject } from '../../endpoint/content.ts'
import { must } from '../../errors/must.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Transaction } from '../../store/port.ts'
import { condition, refused } from '../access.ts'
import { mayGiveServerFields, type Actor } from '../actor.ts'
import { around } from '../around.ts'
import { fieldsToAsk } from '../field-writes.ts'
import { once } from '../idempotency.ts'
import { insertObject, type Draft } from '../insert-object.ts'
import type { OperationEvent } from '../operation-hooks.ts'
import { parseFields } from '../parse-fields.ts'
import type { Input, Parts } from '../parts.ts'
import { parseTies } from '../ties.ts'
import { parseTranslations } from '../translations.ts'
import { isNamedValues } from '../named-values.ts'

/**
 * `{ type, fields }`, or `{ items: [{ type, fields }, …] }` for several in one transaction, all or nothing. Beside its
 * fields an object may name `parents`, `relations` and `translations`. With `idempotency_key` it is done once, see `idempotency.ts`. Answers the object, or the list of objects.
 */
export async function createObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject | StoredObject[]> {
  const { items } = input
  if (items === undefined) {
    const draft = await prepare(parts, input, { actor, path: 'body' })
    return around(parts, eventOf(draft, input, actor), () =>
      insertAll(parts, { drafts: [draft], input, actor }).then(onlyOne),
    )
  }
  const drafts: Draft[] = []
  for (const [index, item] of asItems(items).entries())
    drafts.push(await prepare(parts, asInput(item), { actor, path: `body.${index}` }))
  const events = drafts.map((draft, index) => eventOf(draft, asInput(asItems(items)[index]), actor))
  if (parts.hooks.has(operation)) for (const event of events) await parts.hooks.before(event)
  const created = await insertAll(parts, { drafts, input, actor })
  if (!parts.hooks.has(operation)) return created
  return Promise.all(
    created.map(
      async (one, index) =>
        ((await parts.hooks.after(must(events[index], 'one event for each object'), one)) ?? one) as StoredObject,
    ),
  )
}

interface Inserting {
  readonly drafts: readonly Draft[]
  readonly input: Input
  readonly actor: Actor
}

async function insertAll(parts: Parts, { drafts, input, actor }: Inserting): Promise<StoredObject[]> {
  return parts.write.transaction((transaction) => {
    const work = async (): Promise<StoredObject[]> => {
      const created: StoredObject[] = []
      for (const draft of drafts) created.push(await insertObject(transaction, draft, { parts, actor }))
      if (mayGiveServerFields(actor)) await rememberFact(transaction, input['fact'], created)
      return created
    }
    return once(transaction, { actor, input, now: parts.now(), work })
  })
}

/** How far an import has come and what it has still to do for these objects, in the transaction that brought it there. */
async function rememberFact(transaction: Transaction, fact: unknown, created: readonly StoredObject[]): Promise<void> {
  if (!isNamedValues(fact)) return
  const { name, value, left } = fact
  if (typeof name !== 'string' || typeof value !== 'number') return
  const facts = [{ name, value: String(value) }]
  // By the places of the objects; their ids are known only now.
  const waiting = Array.isArray(left) ? left.filter(isNamedValues) : []
  const withIds = waiting.map((one) => ({ ...one, id: created[Number(one['index'])]?.id }))
  if (withIds.length > 0) facts.push({ name: `${name}\n${value}`, value: JSON.stringify(withIds) })
  await transaction.run({
    insert: 'content_facts',
    values: facts,
    onConflict: { columns: ['name'], update: ['value'] },
  })
}

function eventOf(draft: Draft, input: Input, actor: Actor): OperationEvent {
  return { operation, actor, type: draft.type.name, fields: asInput(input['fields'] ?? {}) }
}

function onlyOne(created: readonly StoredObject[]): StoredObject {
  return must(created[0], 'one draft gives one object')
}

const operation = 'objects.create'

/** Everything that can be decided before the transaction begins. */
async function prepare(parts: Parts, input: Input, by: { actor: Actor; path: string }): Promise<Draft> {
  const type = parts.types.named(input['type'])
  const may = await condition(type, 'create', { actor: by.actor, decide: parts.decide })
  if (may === false) throw refused(by.actor, `creating ${type.plural}`)
  const wanted = asInput(input['fields'] ?? {})
  const asked = await fieldsToAsk({ type, fields: wanted, path: by.path }, { parts, actor: by.actor })
  const { parents, relations, translations, ...given } = wanted
  const system = mayGiveServerFields(by.actor)
  const fields = parseFields(type, given, { creating: true, system, path: by.path })
  const ties = parseTies({ parents, relations }, parts.types.relationsOf(type), { type, path: by.path })
  const texts = parseTranslations(translations, type, by.path)
  return { type, fields, ties, translations: texts, ruled: may !== true, asked, path: by.path }
}

function asItems(items: unknown): readonly unknown[] {
  if (!Array.isArray(items) || items.length === 0) throw new PosternError('BAD_REQUEST', 'Give at least one object.')
  if (items.length > mostItems) throw new PosternError('BAD_REQUEST', `At most ${mostItems} objects at once.`)
  return items
}

function asInput(value: unknown): Input {
  if (isNamedValues(value)) return value
  throw new PosternError('BAD_REQUEST', 'An object is written as named values.')
}

const mostItems = 1_000
