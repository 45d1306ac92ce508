import type { Caller, UserCaller } from '../endpoint/caller.ts'
import type { OwnerRule, Rule } from '../endpoint/rule.ts'

/** What a rule needs to know of the world, asked only when the rule says so. */
export interface Facts {
  readonly caller: Caller
  readonly params: Readonly<Record<string, unknown>>
  /** The owner of the one object whose field equals the value; `undefined` where there is no such object. */
  readonly ownerOf: (owner: OwnerRule, value: string) => Promise<number | null | undefined>
  /** The verdict of the site's own function. */
  readonly decide: (name: string) => Promise<boolean>
}

/**
 * May this caller pass? Synchronous for the rules that need nothing but the caller, which are nearly all. A rule that
 * throws, or that only makes sense on rows, denies.
 */
export function check(rule: Rule, facts: Facts): boolean | Promise<boolean> {
  if (typeof rule === 'string') return checkWord(rule, facts.caller)
  if ('any' in rule) return some(rule.any, facts, 0)
  if ('all' in rule) return rule.all.length > 0 && every(rule.all, facts, 0)
  if ('when' in rule) return denyOnThrow(() => facts.decide(rule.when))
  return facts.caller.kind === 'user' && checkUser(rule, facts, facts.caller)
}

/** The rules that only a user can pass. */
function checkUser(rule: Exclude<Rule, string>, facts: Facts, user: UserCaller): boolean | Promise<boolean> {
  if ('role' in rule) return rule.role.some((name) => user.roles.includes(name))
  if ('users' in rule) return rule.users.includes(user.id)
  if ('self' in rule) return isSelf(rule.self, facts.params[rule.self.param], user)
  if ('owner' in rule && rule.owner !== true) return isOwner(rule.owner, facts, user)
  return false
}

function checkWord(word: Extract<Rule, string>, caller: Caller): boolean {
  switch (word) {
    case 'everyone':
      return true
    case 'token':
      return caller.kind !== 'anonymous'
    case 'user':
      return caller.kind === 'user'
    default:
      return false
  }
}

function isSelf(self: { readonly by: 'id' | 'code' }, named: unknown, user: UserCaller): boolean {
  const own = self.by === 'id' ? String(user.id) : user.code
  return typeof named === 'string' && named !== '' && named === own
}

async function isOwner(owner: OwnerRule, facts: Facts, user: UserCaller): Promise<boolean> {
  const named = facts.params[owner.param]
  if (typeof named !== 'string' || named === '') return false
  return denyOnThrow(async () => (await facts.ownerOf(owner, named)) === user.id)
}

function some(rules: readonly Rule[], facts: Facts, from: number): boolean | Promise<boolean> {
  for (let index = from; index < rules.length; index++) {
    const verdict = check(rules[index] as Rule, facts)
    if (verdict === true) return true
    if (verdict !== false) return verdict.then((passed) => passed || some(rules, facts, index + 1))
  }
  return false
}

function every(rules: readonly Rule[], facts: Facts, from: number): boolean | Promise<boolean> {
  for (let index = from; index < rules.length; index++) {
    const verdict = check(rules[index] as Rule, facts)
    if (verdict === false) return false
    if (verdict !== true) return verdict.then((passed) => passed && every(rules, facts, index + 1))
  }
  return true
}

async function denyOnThrow(decide: () => Promise<boolean>): Promise<boolean> {
  try {
    return (await decide()) === true
  } catch {
    return false
  }
}
