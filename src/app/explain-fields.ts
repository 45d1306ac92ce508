import type { Decide, Right } from '../content/access.ts'
import type { Actor } from '../content/actor.ts'
import { contentFor } from '../content/content-for.ts'
import { heldFields, type HeldField } from '../content/explain-fields.ts'
import type { ObjectType } from '../content/object-types.ts'
import type { ContentRoom } from '../content/room.ts'
import type { SeenContent } from '../describe/why.ts'
import type { StoredObject } from '../endpoint/content.ts'

export interface FieldsOf {
  readonly room: Pick<ContentRoom, 'perform'>
  readonly type: ObjectType
  readonly right: Right
  readonly by: { readonly actor: Actor; readonly decide: Decide }
  /** The one object that is spoken of, where the caller sees it. */
  readonly object?: string | undefined
}

/** Which fields the caller is not answered, in no row or not of this object, and which rules of fields keep the caller out. */
export async function fieldsOf({ room, type, right, by, object }: FieldsOf): Promise<Told> {
  const held = await heldFields(type, by, right !== 'read')
  const shown = object === undefined ? null : await contentFor(room, by.actor).read(type.name, object)
  const removed = held.filter((one) => one.right === 'read' && isGone(one, shown)).map((one) => one.field)
  const fields = held.filter((one) => one.rule !== undefined)
  return fields.length === 0 ? { removed } : { removed, fields }
}

type Told = Pick<SeenContent, 'removed' | 'fields'>

function isGone({ field, condition }: HeldField, shown: StoredObject | null): boolean {
  return condition === false || (shown !== null && !(field in shown))
}
