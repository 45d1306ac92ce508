import type { Rule } from '../endpoint/rule.ts'

/** The site's own functions that a rule asks: what they say of a request nobody can tell beforehand, hence `maybe`. */
export function functionsIn(rule: Rule | undefined): readonly string[] {
  if (rule === undefined || typeof rule === 'string') return []
  if ('when' in rule) return [rule.when]
  if ('any' in rule) return rule.any.flatMap(functionsIn)
  return 'all' in rule ? rule.all.flatMap(functionsIn) : []
}
