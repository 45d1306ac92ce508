import type { Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import type { Condition } from '../schema/condition.ts'

/**
 * The rows that a type's rule lets this caller reach, as data for the store. What cannot be said as a condition on rows
 * (`self`, an owner named by the path, a site's own function not yet decided) yields `false`: no access.
 * `decided` holds the verdicts of the site's own functions for this caller, asked once per request.
 */
export function toCondition(rule: Rule | undefined, caller: Caller, decided: Decided = none): Condition {
  if (rule === undefined) return false
  if (typeof rule === 'string') return ofWord(rule, caller)
  if ('any' in rule) return anyOf(rule.any.map((one) => toCondition(one, caller, decided)))
  if ('all' in rule) return rule.all.length > 0 && allOf(rule.all.map((one) => toCondition(one, caller, decided)))
  if ('where' in rule) return allOf(Object.entries(rule.where).map(([field, value]) => ({ field, is: 'eq', value })))
  if ('when' in rule) return decided.get(rule.when) ?? false
  return ofUser(rule, caller)
}

/** What a function of the site's own said, as verdicts are kept. */
export function saidCondition(said: boolean | Rule, caller: Caller): Condition {
  return typeof said === 'boolean' ? said : toCondition(said, caller)
}

/** Verdicts of the site's own functions: yes, no, or a condition on rows. */
export type Decided = ReadonlyMap<string, Condition>

function ofWord(word: Extract<Rule, string>, caller: Caller): Condition {
  switch (word) {
    case 'everyone':
      return true
    case 'published':
      return { published: true }
    case 'token':
      return caller.kind !== 'anonymous'
    case 'user':
      return caller.kind === 'user'
    default:
      return false
  }
}

function ofUser(rule: Exclude<Rule, string>, caller: Caller): Condition {
  if (caller.kind !== 'user') return false
  if ('role' in rule) return rule.role.some((name) => caller.roles.includes(name))
  if ('users' in rule) return rule.users.includes(caller.id)
  if ('owner' in rule) return rule.owner === true && { field: 'owner', is: 'eq', value: caller.id }
  if ('listed' in rule) return { listed: rule.listed, user: caller.id, roles: caller.roles }
  return false
}

/** Every part must hold; constants are folded away so that equal rules have equal shapes. */
export function allOf(parts: readonly Condition[]): Condition {
  const open = parts.filter((part) => part !== true)
  if (open.includes(false)) return false
  if (open.length === 0) return true
  return open.length === 1 ? (open[0] as Condition) : { all: open }
}

/** One part is enough; none is never. */
export function anyOf(parts: readonly Condition[]): Condition {
  const open = parts.filter((part) => part !== false)
  if (open.includes(true)) return true
  if (open.length === 0) return false
  return open.length === 1 ? (open[0] as Condition) : { any: open }
}

const none: Decided = new Map()
