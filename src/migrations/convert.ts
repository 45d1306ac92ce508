import { fieldKinds, isList, Misfit } from '../content/field-kinds.ts'
import type { FieldShape } from '../content/field-shape.ts'

/**
 * A stored value as a field of another kind keeps it. Nothing is ever rounded, cut or guessed: what cannot be kept exactly
 * is a misfit, and a person decides.
 */
export function convert(value: unknown, to: FieldShape): unknown {
  if (value === null || value === undefined) return null
  if (to.kind === 'json') return value
  if (isList(to)) return words(Array.isArray(value) ? value : [value])
  if (numeric.has(to.kind)) return fromPlain(value, to)
  return to.kind === 'accessList' ? parsed(value, to) : fromText(value, to)
}

/** A day is the moment it begins with, and only such a moment is a day. */
function fromText(value: unknown, to: FieldShape): unknown {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return new Misfit('is a list or an object')
  const text = String(value)
  if (to.kind === 'datetime' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return parsed(`${text}T00:00:00.000Z`, to)
  return parsed(to.kind === 'date' ? text.replace(/T00:00:00\.000Z$/, '') : text, to)
}

const numeric = new Set<string>(['integer', 'number', 'boolean', 'reference'])

function fromPlain(value: unknown, to: FieldShape): unknown {
  if (typeof value === 'boolean' && to.kind !== 'boolean') return parsed(Number(value), to)
  const text = String(value).trim()
  if (/^-?0\d/.test(text)) return new Misfit('begins with a zero that a number does not keep')
  return parsed(fieldKinds[to.kind].fromText(text), to)
}

/** Options and limits are asked of writers: a value that is none of the options stays until somebody writes it anew. */
function parsed(value: unknown, to: FieldShape): unknown {
  const kind = to.kind === 'select' ? 'text' : to.kind
  return fieldKinds[kind].parse(value, { kind })
}

function words(values: readonly unknown[]): unknown {
  return values.every((one) => typeof one === 'string')
    ? fieldKinds.tags.parse(values, { kind: 'tags' })
    : new Misfit('is no list of words')
}
