import type { Rule } from '../endpoint/rule.ts'

/**
 * The rule for a path that lacks some of the parameters it speaks of (`/members/account` beside
 * `/members/account/:code`): parts that speak of them cannot pass there.
 */
export function pruneRule(rule: Rule, params: readonly string[]): Rule {
  if (typeof rule === 'string') return rule
  if ('all' in rule) {
    const parts = rule.all.map((one) => pruneRule(one, params))
    return parts.includes('nobody') ? 'nobody' : { all: parts }
  }
  if ('any' in rule) return anyOf(rule.any.map((one) => pruneRule(one, params)))
  return paramsOf(rule).every((param) => params.includes(param)) ? rule : 'nobody'
}

function anyOf(parts: readonly Rule[]): Rule {
  const open = parts.filter((part) => part !== 'nobody')
  const [first] = open
  if (first === undefined) return 'nobody'
  return open.length === 1 ? first : { any: open }
}

/** The path parameters a rule speaks of. */
export function paramsOf(rule: Rule | undefined): readonly string[] {
  if (rule === undefined || typeof rule === 'string') return []
  if ('self' in rule) return [rule.self.param]
  if ('owner' in rule) return rule.owner === true ? [] : [rule.owner.param]
  if ('any' in rule) return rule.any.flatMap(paramsOf)
  return 'all' in rule ? rule.all.flatMap(paramsOf) : []
}
