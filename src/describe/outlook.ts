import type { Rule } from '../endpoint/rule.ts'
import type { Caller } from '../endpoint/caller.ts'

/** What a rule can be said to answer without knowing the request: `maybe` where it hangs on the path, on rows or on a site's own function. */
export type Outlook = 'yes' | 'maybe' | 'no'

/** A kind of caller, as far as rules tell callers apart. */
export type CallerKind = Caller | Imagined

/** A signed-in user, known only by what rules ask: an owner is who the path speaks of, a stranger is not. */
export interface Imagined {
  readonly kind: 'owner' | 'stranger'
  readonly roles: readonly string[]
}

export function outlook(rule: Rule | undefined, caller: CallerKind): Outlook {
  if (rule === undefined) return 'no'
  if (typeof rule === 'string') return ofWord(rule, caller)
  if ('any' in rule) return best(rule.any.map((one) => outlook(one, caller)))
  if ('all' in rule) return worst(rule.all.map((one) => outlook(one, caller)))
  if ('when' in rule) return 'maybe'
  return ofUser(rule, caller)
}

/** The same for a rule on rows: `maybe` where some rows may well let the caller pass. */
export function rowOutlook(rule: Rule, caller: CallerKind): Outlook {
  if (rule === 'published') return 'maybe'
  if (typeof rule === 'string') return ofWord(rule, caller)
  if ('any' in rule) return best(rule.any.map((one) => rowOutlook(one, caller)))
  if ('all' in rule) return worst(rule.all.map((one) => rowOutlook(one, caller)))
  if ('where' in rule || 'when' in rule) return 'maybe'
  if ('listed' in rule) return isUser(caller) ? 'maybe' : 'no'
  if ('owner' in rule && rule.owner === true) return ofOwner(caller)
  return ofUser(rule, caller)
}

function ofOwner(caller: CallerKind): Outlook {
  if (!isUser(caller) || caller.kind === 'stranger') return 'no'
  return caller.kind === 'owner' ? 'yes' : 'maybe'
}

function ofWord(word: Extract<Rule, string>, caller: CallerKind): Outlook {
  if (word === 'everyone') return 'yes'
  if (word === 'token') return caller.kind === 'anonymous' ? 'no' : 'yes'
  return word === 'user' && isUser(caller) ? 'yes' : 'no'
}

function ofUser(rule: Exclude<Rule, string>, caller: CallerKind): Outlook {
  if (caller.kind === 'anonymous' || caller.kind === 'token') return 'no'
  if ('role' in rule) return rule.role.some((name) => caller.roles.includes(name)) ? 'yes' : 'no'
  if ('users' in rule) return caller.kind === 'user' && rule.users.includes(caller.id) ? 'yes' : 'no'
  if (!namesPath(rule) || caller.kind === 'stranger') return 'no'
  return caller.kind === 'owner' ? 'yes' : 'maybe'
}

/** Rules on rows (`owner` of the row, `listed`, `where`) say nothing of an endpoint: the road denies them. */
function namesPath(rule: Exclude<Rule, string>): boolean {
  return 'self' in rule || ('owner' in rule && rule.owner !== true)
}

function isUser(caller: CallerKind): boolean {
  return caller.kind !== 'anonymous' && caller.kind !== 'token'
}

function best(outlooks: readonly Outlook[]): Outlook {
  if (outlooks.includes('yes')) return 'yes'
  return outlooks.includes('maybe') ? 'maybe' : 'no'
}

/** Of nothing at all: no, as the road has it. */
function worst(outlooks: readonly Outlook[]): Outlook {
  if (outlooks.length === 0 || outlooks.includes('no')) return 'no'
  return outlooks.includes('maybe') ? 'maybe' : 'yes'
}
