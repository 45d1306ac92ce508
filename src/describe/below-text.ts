import type { AskedBelow, HeldBack } from '../content/explain-guards.ts'
import { ruleText } from '../rules/rule-text.ts'

/** Which sections keep a caller from an object, or from what lies in one. */
export function heldText(held: readonly HeldBack[]): string {
  return held
    .map(({ section, type, title, right, rule }) => {
      const named = title === null ? '' : ` ${JSON.stringify(title)}`
      return ` The ${type} ${section}${named} holds this back: what lies below it may be ${done[right]} by ${ruleText(rule)}.`
    })
    .join('')
}

/** What rules of sections ask of rows that lie below them. */
export function askedText(asked: readonly AskedBelow[]): string {
  return asked
    .map(({ type, rule }) => ` Of what lies below a ${type} only what may be read by ${ruleText(rule)}.`)
    .join('')
}

const done = { read: 'read', create: 'read', update: 'changed', delete: 'deleted' } as const
