import type { Rule } from '../endpoint/rule.ts'
import type { Condition } from '../schema/condition.ts'
import { conditionOf, type Decide } from './access.ts'
import type { Actor } from './actor.ts'
import type { ObjectType } from './object-types.ts'

/** A field whose own rule keeps an actor from it, in all rows or in some. */
export interface HeldField {
  readonly field: string
  readonly right: 'read' | 'write'
  /** Absent: the field is private. */
  readonly rule?: Rule
  /** The rows in which it is the actor's to read or write. */
  readonly condition: Condition
}

/** The fields of the type that are not wholly this actor's; for `write` too where `alsoWrites`. */
export async function heldFields(
  type: ObjectType,
  by: { readonly actor: Actor; readonly decide: Decide },
  alsoWrites: boolean,
): Promise<readonly HeldField[]> {
  const held: HeldField[] = []
  for (const [field, said] of Object.entries(type.fields)) {
    if (said.private === true) held.push({ field, right: 'read', condition: false })
    for (const right of alsoWrites ? bothRights : onlyReading) {
      const rule = said[right]
      if (rule === undefined) continue
      const condition = await conditionOf(rule, by)
      if (condition !== true) held.push({ field, right, rule, condition })
    }
  }
  return held
}

const onlyReading = ['read'] as const
const bothRights = ['read', 'write'] as const
