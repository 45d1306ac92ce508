import type { HeldField } from '../content/explain-fields.ts'
import { ruleText } from '../rules/rule-text.ts'

/** Which fields an answer lacks, which may not be written, and by which rule; begins with a space where it says anything. */
export function fieldsText(removed: readonly string[], fields: readonly HeldField[]): string {
  const read = new Map(fields.filter(({ right }) => right === 'read').map((one) => [one.field, one]))
  const gone = removed.map((name) => {
    const rule = read.get(name)?.rule
    return rule === undefined ? name : `${name} (read by ${ruleText(rule)})`
  })
  const without = gone.length > 0 ? ` It is answered without ${gone.join(', ')}.` : ''
  const others = fields.filter(({ field, right }) => right === 'write' || !removed.includes(field))
  return `${without}${others.map(heldText).join('')}`
}

function heldText({ field, right, rule, condition }: HeldField): string {
  const who = ruleText(rule ?? 'nobody')
  if (right === 'read') return ` ${field} is answered only in rows where it may be read by ${who}.`
  const rows = condition === false ? 'this caller may not' : 'this caller may in rows that meet the rule'
  return ` ${field} may be written by ${who}: ${rows}.`
}
