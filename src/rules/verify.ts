import { parsePathPattern } from '../endpoint/path-pattern.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import { nearest } from '../schema/nearest.ts'

/** What the site has, against which rules are checked before anything is served. */
export interface RuleSubjects {
  readonly types: ReadonlyMap<string, readonly string[]>
  readonly whenNames: ReadonlySet<string>
}

/** Everything an endpoint's rule speaks of that does not exist; empty when it can be enforced. */
export function verifyRule(endpoint: Pick<Endpoint, 'path' | 'rule'>, subjects: RuleSubjects): readonly string[] {
  const params = parsePathPattern(endpoint.path).names
  return endpoint.rule === undefined ? [] : complaints(endpoint.rule, params, subjects)
}

/** The same for a rule on the rows of a type. */
export function verifyRowRule(rule: Rule, fields: readonly string[], subjects: RuleSubjects): readonly string[] {
  if (typeof rule === 'string') return []
  if ('any' in rule) return rule.any.flatMap((one) => verifyRowRule(one, fields, subjects))
  if ('all' in rule) return rule.all.flatMap((one) => verifyRowRule(one, fields, subjects))
  if ('where' in rule) return Object.keys(rule.where).flatMap((name) => missing('field', name, fields))
  if ('listed' in rule) return missing('field', rule.listed, fields)
  if ('when' in rule) return missing('function', rule.when, [...subjects.whenNames])
  if ('self' in rule || ('owner' in rule && rule.owner !== true))
    return ['a rule on rows cannot speak of a path parameter']
  return []
}

function complaints(rule: Rule, params: readonly string[], subjects: RuleSubjects): readonly string[] {
  if (typeof rule === 'string')
    return rule === 'published' ? ['"published" is a rule on rows; an endpoint has none'] : []
  if ('any' in rule) return rule.any.flatMap((one) => complaints(one, params, subjects))
  if ('all' in rule) return rule.all.flatMap((one) => complaints(one, params, subjects))
  if ('self' in rule) return missing('path parameter', rule.self.param, params)
  if ('when' in rule) return missing('function', rule.when, [...subjects.whenNames])
  if ('listed' in rule || 'where' in rule) return ['"listed" and "where" are rules on rows; an endpoint has none']
  if ('owner' in rule)
    return rule.owner === true
      ? ['an owner rule on an endpoint needs { type, by, param }']
      : ofOwner(rule.owner, params, subjects)
  return []
}

function ofOwner(
  owner: { readonly type: string; readonly by: string; readonly param: string },
  params: readonly string[],
  subjects: RuleSubjects,
): string[] {
  const fields = subjects.types.get(owner.type)
  const known = fields
    ? missing('field', owner.by, fields)
    : missing('object type', owner.type, [...subjects.types.keys()])
  return [...known, ...missing('path parameter', owner.param, params)]
}

function missing(kind: string, name: string, names: readonly string[]): string[] {
  if (names.includes(name)) return []
  const near = nearest(name, names)
  return [
    `there is no ${kind} ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`,
  ]
}
