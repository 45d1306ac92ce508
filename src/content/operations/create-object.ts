import type { StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { condition, refused } from '../access.ts'
import { mayGiveServerFields, type Actor } from '../actor.ts'
import { insertObject, type Draft } from '../insert-object.ts'
import { parseFields } from '../parse-fields.ts'
import type { Input, Parts } from '../parts.ts'
import { parseTies } from '../ties.ts'

/**
 * `{ type, fields }`, or `{ items: [{ type, fields }, …] }` for several in one transaction, all or nothing. Beside its
 * fields an object may name `parents` and `relations`. Answers the object, or the list of objects.
 */
export async function createObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject | StoredObject[]> {
  const { items } = input
  if (items === undefined) {
    const draft = await prepare(parts, input, { actor, path: 'body' })
    return parts.write.transaction((transaction) => insertObject(transaction, draft, { parts, actor }))
  }
  const drafts: Draft[] = []
  for (const [index, item] of asItems(items).entries())
    drafts.push(await prepare(parts, asInput(item), { actor, path: `body.${index}` }))
  return parts.write.transaction(async (transaction) => {
    const created: StoredObject[] = []
    for (const draft of drafts) created.push(await insertObject(transaction, draft, { parts, actor }))
    return created
  })
}

/** Everything that can be decided before the transaction begins. */
async function prepare(parts: Parts, input: Input, by: { actor: Actor; path: string }): Promise<Draft> {
  const type = parts.types.named(input['type'])
  const may = await condition(type, 'create', { actor: by.actor, decide: parts.decide })
  if (may === false) throw refused(by.actor, `creating ${type.plural}`)
  const { parents, relations, ...given } = asInput(input['fields'] ?? {})
  const system = mayGiveServerFields(by.actor)
  const fields = parseFields(type, given, { creating: true, system, path: by.path })
  const ties = parseTies({ parents, relations }, parts.types.relationsOf(type), { type, path: by.path })
  return { type, fields, ties, ruled: may !== true, path: by.path }
}

function asItems(items: unknown): readonly unknown[] {
  if (!Array.isArray(items) || items.length === 0) throw new PosternError('BAD_REQUEST', 'Give at least one object.')
  if (items.length > mostItems) throw new PosternError('BAD_REQUEST', `At most ${mostItems} objects at once.`)
  return items
}

function asInput(value: unknown): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input
  throw new PosternError('BAD_REQUEST', 'An object is written as named values.')
}

const mostItems = 1_000
