import type { Rule } from '../endpoint/rule.ts'

/** The site's own functions that a rule asks. */
export function whenNames(rule: Rule): string[] {
  if (typeof rule === 'string') return []
  if ('when' in rule) return [rule.when]
  if ('any' in rule) return rule.any.flatMap(whenNames)
  return 'all' in rule ? rule.all.flatMap(whenNames) : []
}
