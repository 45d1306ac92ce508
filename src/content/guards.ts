import { allOf } from '../rules/to-condition.ts'
import type { Condition } from '../schema/condition.ts'
import type { Predicate } from '../store/predicate.ts'
import { conditionOf, type Right } from './access.ts'
import type { Actor } from './actor.ts'
import { lower } from './lower.ts'
import type { ObjectType } from './object-types.ts'
import type { Parts } from './parts.ts'
import { second } from './second.ts'

/*
 * Rules of sections that hold for all that lies below them (`below` of a type). Who is let through a section and all above it
 * passes; what lies in several places is reached through any one of them, and what lies nowhere has no rule but its own.
 */

export interface Guarding {
  readonly parts: Pick<Parts, 'types' | 'decide' | 'now'>
  readonly actor: Actor
  readonly right: Right
}

/** Holds of objects (`o`) to which some place leads, as far as the actor is let through; `undefined` where nothing keeps the actor out anywhere. */
export async function reached(by: Guarding): Promise<Predicate | undefined> {
  const failing = await failingGuards(by)
  if (failing === undefined) return undefined
  const place: Predicate = { column: 'gp.child', is: 'eq', other: 'o.id' }
  const open = without(failing, 'gp.parent')
  return {
    any: [
      { not: { exists: { from: 'tree', as: 'gp', where: place } } },
      { exists: { from: 'tree', as: 'gp', where: { all: [place, open] } } },
    ],
  }
}

/** Holds where the actor is let through the section of this column, and so through all above it. */
export async function passable(column: string, by: Guarding): Promise<Predicate> {
  const failing = await failingGuards(by)
  return failing === undefined ? true : without(failing, column)
}

function without(failing: Predicate, section: string): Predicate {
  const where: Predicate = { all: [{ column: 'gx.section', is: 'eq', other: section }, failing] }
  return { not: { exists: { from: 'tree_guards', as: 'gx', where } } }
}

/** Whether rules of sections bind this actor at all: not the system, unless it acts on what a caller sent. */
export function isBound({ system, declared }: Actor): boolean {
  return system === undefined || declared === true
}

/** The rows of `tree_guards` (`gx`) that keep the actor out; `undefined` where none does. */
export async function failingGuards(by: Guarding): Promise<Predicate | undefined> {
  const { types } = by.parts
  if (types.guards.length === 0 || by.right === 'create' || !isBound(by.actor)) return undefined
  const asked = await Promise.all(types.guards.map(async (type) => ({ type, condition: await askedBelow(type, by) })))
  const closed = asked.filter(({ condition }) => condition === false).map(({ type }) => type.name)
  const partly = asked.filter(({ condition }) => typeof condition !== 'boolean')
  if (closed.length === 0 && partly.length === 0) return undefined
  const failing = partly.map(({ type, condition }) => failingOf(type, condition, by))
  return { any: closed.length === 0 ? failing : [...failing, { column: 'gx.guard_type', in: closed }] }
}

/** What a section of the type asks of this actor. Whoever may not see what is below may not change it either. */
export async function askedBelow({ below = {} }: ObjectType, { parts, actor, right }: Guarding): Promise<Condition> {
  const rules = [below.read, right === 'update' || right === 'delete' ? below[right] : undefined]
  const conditions = rules.map(async (rule) =>
    rule === undefined ? true : conditionOf(rule, { actor, decide: parts.decide }),
  )
  return allOf(await Promise.all(conditions))
}

/** A guard of this type that does not meet the condition. Asked as "is not among those that do", so that nothing unknown opens. */
function failingOf(type: ObjectType, condition: Condition, { parts }: Guarding): Predicate {
  const scope = { type, joined: false, as: 'g', now: second(parts) }
  const meeting: Predicate = { all: [{ column: 'g.id', is: 'eq', other: 'gx.guard' }, lower(condition, scope)] }
  return {
    all: [
      { column: 'gx.guard_type', is: 'eq', value: type.name },
      { not: { exists: { from: 'objects', as: 'g', where: meeting } } },
    ],
  }
}
