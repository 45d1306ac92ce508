import type { OwnerRule, Rule, Scalar } from '../endpoint/rule.ts'

/** Thrown for data that is no rule; sources add file and line. */
export class RuleError extends Error {}

const words = new Set(['everyone', 'token', 'user', 'nobody', 'published'])
const forms = ['role', 'users', 'self', 'owner', 'listed', 'where', 'when', 'any', 'all']

/** JSON → rule. Whatever is not exactly a rule is refused with a RuleError that says where: nothing is guessed. */
export function parseRule(data: unknown, at = 'rule'): Rule {
  if (typeof data === 'string') {
    if (words.has(data)) return data as Rule
    throw new RuleError(`${at}: ${JSON.stringify(data)} is not a rule; the words are ${[...words].join(', ')}.`)
  }
  const [form, value] = onlyEntry(data, at)
  switch (form) {
    case 'role':
      return Object.freeze({ role: list(value, `${at}.role`, isText) })
    case 'users':
      return Object.freeze({ users: list(value, `${at}.users`, isId) })
    case 'any':
      return Object.freeze({
        any: list(value, `${at}.any`, isRuleData).map((one, index) => parseRule(one, `${at}.any.${index}`)),
      })
    case 'all':
      return Object.freeze({
        all: list(value, `${at}.all`, isRuleData).map((one, index) => parseRule(one, `${at}.all.${index}`)),
      })
    default:
      return parseLeaf(form, value, at)
  }
}

/** What a site's own function said: yes, no, or a rule on rows. What is neither is no. */
export function parseVerdict(said: unknown): boolean | Rule {
  const isRule = typeof said === 'string' || isObject(said)
  return isRule ? parseRule(said, 'verdict') : said === true
}

function parseLeaf(form: string, value: unknown, at: string): Rule {
  if (form === 'self') return Object.freeze({ self: parseSelf(value, `${at}.self`) })
  if (form === 'owner') return Object.freeze({ owner: value === true ? true : parseOwner(value, `${at}.owner`) })
  if (form === 'where') return Object.freeze({ where: parseWhere(value, `${at}.where`) })
  if (!isText(value)) throw new RuleError(`${at}.${form}: expected a name.`)
  return form === 'listed' ? Object.freeze({ listed: value }) : Object.freeze({ when: value })
}

function onlyEntry(data: unknown, at: string): readonly [string, unknown] {
  const entries = isObject(data) ? Object.entries(data) : []
  const [entry] = entries
  if (entries.length !== 1 || !entry)
    throw new RuleError(`${at}: a rule is a word or an object with exactly one of ${forms.join(', ')}.`)
  if (!forms.includes(entry[0]))
    throw new RuleError(`${at}: unknown rule ${JSON.stringify(entry[0])}; there are ${forms.join(', ')}.`)
  return entry
}

function parseSelf(value: unknown, at: string): { readonly param: string; readonly by: 'id' | 'code' } {
  const by = isObject(value) ? (value['by'] ?? 'id') : undefined
  if (!isObject(value) || !isText(value['param']) || (by !== 'id' && by !== 'code')) {
    throw new RuleError(`${at}: expected { param, by?: "id" | "code" }.`)
  }
  return Object.freeze({ param: value['param'], by })
}

function parseOwner(value: unknown, at: string): OwnerRule {
  if (!isObject(value) || !isText(value['type']) || !isText(value['by']) || !isText(value['param'])) {
    throw new RuleError(`${at}: expected true, or { type, by, param }.`)
  }
  return Object.freeze({ type: value['type'], by: value['by'], param: value['param'] })
}

function parseWhere(value: unknown, at: string): Readonly<Record<string, Scalar>> {
  if (!isObject(value) || Object.keys(value).length === 0)
    throw new RuleError(`${at}: expected field names with their values.`)
  for (const [name, one] of Object.entries(value)) {
    if (one !== null && !['string', 'number', 'boolean'].includes(typeof one))
      throw new RuleError(`${at}.${name}: expected text, a number, true, false or null.`)
  }
  return Object.freeze({ ...value }) as Readonly<Record<string, Scalar>>
}

function list<T>(value: unknown, at: string, fits: (one: unknown) => one is T): readonly T[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(fits))
    throw new RuleError(`${at}: expected a list with at least one fitting value.`)
  return Object.freeze([...value])
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isRuleData(value: unknown): value is unknown {
  return value !== undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
