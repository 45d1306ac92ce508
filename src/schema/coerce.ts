import { PosternError } from '../errors/postern-error.ts'
import type { JsonSchema } from './standard.ts'

type Kind = 'number' | 'integer' | 'boolean' | 'array' | 'text'

const kindsBySchema = new WeakMap<JsonSchema, ReadonlyMap<string, Kind>>()

/**
 * Text from a path or query string turned into what its schema speaks of: numbers, `true`/`false`, comma lists. Text that
 * is none (`''`, `'1e999'`, `'yes'`) is refused here, because a validator's own coercion makes 0 or true of it.
 */
export function coerceText(
  schema: JsonSchema,
  values: Readonly<Record<string, string>>,
  part: 'params' | 'query',
): Readonly<Record<string, unknown>> {
  const kinds = kindsOf(schema)
  const coerced = Object.create(null) as Record<string, unknown>
  for (const name in values)
    coerced[name] = coerceOne(kinds.get(name) ?? 'text', values[name] as string, `${part}.${name}`)
  return coerced
}

/** The names an object schema declares; `undefined` where it takes any name. */
export function propertyNames(schema: JsonSchema): readonly string[] | undefined {
  const { properties, additionalProperties } = schema
  if (typeof properties !== 'object' || properties === null) return undefined
  return additionalProperties !== undefined &&
    additionalProperties !== false &&
    additionalProperties !== true &&
    isObject(additionalProperties)
    ? undefined
    : Object.keys(properties)
}

function kindsOf(schema: JsonSchema): ReadonlyMap<string, Kind> {
  const known = kindsBySchema.get(schema)
  if (known) return known
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const kinds = new Map(Object.entries(properties).map(([name, property]) => [name, kindOf(property)]))
  kindsBySchema.set(schema, kinds)
  return kinds
}

function kindOf(property: unknown): Kind {
  if (!isObject(property)) return 'text'
  const type = property['type']
  return type === 'number' || type === 'integer' || type === 'boolean' || type === 'array' ? type : 'text'
}

function coerceOne(kind: Kind, text: string, path: string): unknown {
  if (kind === 'text') return text
  if (kind === 'array') return text === '' ? [] : text.split(',')
  if (kind === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw misfit(path, 'expected true or false')
  }
  const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) throw misfit(path, kind === 'integer' ? 'expected a whole number' : 'expected a number')
  return number
}

function misfit(path: string, message: string): PosternError {
  const code = path.startsWith('params') ? 'BAD_PARAM' : 'BAD_QUERY_VALUE'
  return new PosternError(code, `${path}: ${message}.`, { errors: [{ path, message }] })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
