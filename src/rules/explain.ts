import type { Rule } from '../endpoint/rule.ts'
import { check, type Facts } from './check.ts'
import { ruleText } from './rule-text.ts'

/** One part of a rule and whether it let the caller pass; the parts of `any` and `all` one level deeper. */
export interface Explained {
  readonly text: string
  readonly kind: 'any' | 'all' | 'one'
  readonly passed: boolean
  readonly parts: readonly Explained[]
}

/**
 * Which parts match. Every part is judged by `check` itself, so that the explanation cannot say other than the road
 * does; unlike the road it does not stop at the part that decides.
 */
export async function explain(rule: Rule, facts: Facts): Promise<Explained> {
  const list = partsOf(rule)
  const parts: Explained[] = []
  for (const part of list ?? []) parts.push(await explain(part, facts))
  const kind = list === undefined ? 'one' : typeof rule === 'object' && 'any' in rule ? 'any' : 'all'
  return { text: ruleText(rule), kind, passed: (await check(rule, facts)) === true, parts }
}

function partsOf(rule: Rule): readonly Rule[] | undefined {
  if (typeof rule === 'string') return undefined
  if ('any' in rule) return rule.any
  return 'all' in rule ? rule.all : undefined
}
