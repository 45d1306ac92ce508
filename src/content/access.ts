import type { Rule } from '../endpoint/rule.ts'
import type { Awaitable } from '../errors/awaitable.ts'
import { PosternError, placeText } from '../errors/postern-error.ts'
import { toCondition } from '../rules/to-condition.ts'
import type { Condition } from '../schema/condition.ts'
import type { Actor } from './actor.ts'
import type { TypeRules } from './define-type.ts'
import type { ObjectType } from './object-types.ts'
import { whenNames } from './when-names.ts'

export type Right = keyof TypeRules

/** Verdicts of a site's own functions, as `allow.when` names them: yes, no, or a condition on rows. */
export type Decide = (name: string, actor: Actor) => Promise<boolean | Condition>

/**
 * The rows of a type for which this actor has the right: at hand, unless a function of the site's own is asked. Refuses
 * (NOT_ACTIVATED) where nobody said who has it.
 */
export function condition(
  type: ObjectType,
  right: Right,
  by: { readonly actor: Actor; readonly decide: Decide },
): Awaitable<Condition> {
  if (by.actor.system !== undefined) return true
  const rule = type.rules[right]
  if (rule === undefined) throw notActivated(type, right)
  return conditionOf(rule, by)
}

/** The rows that a rule lets this actor reach. */
export function conditionOf(rule: Rule, by: { readonly actor: Actor; readonly decide: Decide }): Awaitable<Condition> {
  const names = whenNames(rule)
  return names.length === 0 ? toCondition(rule, by.actor.caller) : decidedCondition(rule, names, by)
}

/** 401 to those who might sign in, 403 to those who have. */
export function refused(actor: Actor, what: string): PosternError {
  if (actor.caller.kind === 'anonymous') return new PosternError('UNAUTHENTICATED', `${what} needs a caller who may.`)
  return new PosternError('FORBIDDEN', `The rule does not let this caller: ${what}.`)
}

async function decidedCondition(
  rule: Rule,
  names: readonly string[],
  by: { readonly actor: Actor; readonly decide: Decide },
): Promise<Condition> {
  const decided = await Promise.all(names.map(async (name) => [name, await verdict(name, by)] as const))
  return toCondition(rule, by.actor.caller, new Map(decided))
}

function notActivated(type: ObjectType, right: Right): PosternError {
  const place = type.origin === undefined ? `types/${type.name}.ts` : placeText(type.origin)
  const detail = `Nobody said who may ${right} ${type.plural}.`
  return new PosternError('NOT_ACTIVATED', detail, { hint: `In ${place}, add to rules: ${right}: allow.user` })
}

/** A function that throws denies. */
export async function verdict(
  name: string,
  by: { readonly actor: Actor; readonly decide: Decide },
): Promise<boolean | Condition> {
  try {
    return await by.decide(name, by.actor)
  } catch {
    return false
  }
}
