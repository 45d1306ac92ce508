import type { Rule } from '../endpoint/rule.ts'

const words: Readonly<Record<Extract<Rule, string>, string>> = {
  everyone: 'everyone',
  token: 'any API token or signed-in user',
  user: 'any signed-in user',
  nobody: 'nobody',
  published: 'whoever asks, as long as it is published',
}

/** The rule in words, as the end of the sentence "It may be called by …". */
export function ruleText(rule: Rule | undefined): string {
  if (rule === undefined) return 'nobody yet: not activated'
  if (typeof rule === 'string') return words[rule]
  if ('any' in rule) return joined(rule.any, ', or ', 'nobody')
  if ('all' in rule) return joined(rule.all, ' and also ', 'nobody')
  return partText(rule)
}

function partText(rule: Exclude<Rule, string | { any: unknown } | { all: unknown }>): string {
  if ('role' in rule) return `${rule.role.length === 1 ? 'role' : 'roles'} ${listed(rule.role)}`
  if ('users' in rule) return `${rule.users.length === 1 ? 'user' : 'users'} ${listed(rule.users.map(String))}`
  if ('self' in rule) return `the user whose ${rule.self.by} is :${rule.self.param}`
  if ('owner' in rule) return rule.owner === true ? 'its owner' : ownerText(rule.owner)
  if ('listed' in rule) return `whoever is named in its ${rule.listed}`
  if ('when' in rule) return `whoever the site's function "${rule.when}" lets pass`
  const values = Object.entries(rule.where).map(([field, value]) => `${field} is ${JSON.stringify(value)}`)
  return `whoever asks, as long as ${values.join(' and ')}`
}

function ownerText({
  type,
  by,
  param,
}: {
  readonly type: string
  readonly by: string
  readonly param: string
}): string {
  return `the owner of the ${type} whose ${by} is :${param}`
}

/** Parts that are lists themselves stand in brackets, so that "and" and "or" cannot be misread. */
function joined(rules: readonly Rule[], word: string, none: string): string {
  if (rules.length === 0) return none
  if (rules.length === 1) return ruleText(rules[0])
  return rules.map((rule) => (isList(rule) ? `(${ruleText(rule)})` : ruleText(rule))).join(word)
}

function isList(rule: Rule): boolean {
  if (typeof rule === 'string') return false
  return ('any' in rule && rule.any.length > 1) || ('all' in rule && rule.all.length > 1)
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
