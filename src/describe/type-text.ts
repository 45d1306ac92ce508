import type { JsonSchema } from '../schema/standard.ts'
import { isRecord } from './inputs.ts'

/**
 * A JSON Schema as the text of a flat TypeScript type. What TypeScript cannot say (lengths, patterns, ranges) is left
 * out; what nobody said is `unknown`. References must already be hoisted and are written as the name of their type.
 */
export function typeText(schema: JsonSchema): string {
  const reference = schema['$ref']
  if (typeof reference === 'string') return typeName(reference.split('/').at(-1) ?? '')
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map((value: unknown) => JSON.stringify(value)))
  for (const word of ['anyOf', 'oneOf'] as const) {
    if (Array.isArray(schema[word])) return union(schemas(schema[word]).map(typeText))
  }
  if (Array.isArray(schema['allOf']))
    return (
      schemas(schema['allOf'])
        .map((part) => `(${typeText(part)})`)
        .join(' & ') || 'unknown'
    )
  if (Array.isArray(schema['type'])) return union(schema['type'].map((type: unknown) => typeText({ ...schema, type })))
  return ofType(schema)
}

/** A name from a schema's name: `objects.list.answer.Node` → `ObjectsListAnswerNode`. */
export function typeName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z]/.test(joined) ? joined : `T${joined}`
}

/** A property's name, quoted where it must be. */
export function nameText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

function ofType(schema: JsonSchema): string {
  switch (schema['type']) {
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return arrayText(schema)
    case 'object':
      return objectText(schema)
    default:
      return isRecord(schema['properties']) ? objectText(schema) : 'unknown'
  }
}

function arrayText(schema: JsonSchema): string {
  if (schema['maxItems'] === 0) return '[]'
  if (Array.isArray(schema['prefixItems'])) return `[${schemas(schema['prefixItems']).map(typeText).join(', ')}]`
  return isRecord(schema['items']) ? `Array<${typeText(schema['items'])}>` : 'unknown[]'
}

function objectText(schema: JsonSchema): string {
  const properties = isRecord(schema['properties']) ? Object.entries(schema['properties']) : []
  const required: unknown = schema['required']
  const must = new Set<unknown>(Array.isArray(required) ? required : [])
  const members = properties.map(([name, property]) => {
    const text = isRecord(property) ? typeText(property) : 'unknown'
    return `${nameText(name)}${must.has(name) ? '' : '?'}: ${text}`
  })
  const more = schema['additionalProperties']
  if (properties.length === 0)
    return more === false ? 'Record<string, never>' : `Record<string, ${isRecord(more) ? typeText(more) : 'unknown'}>`
  return `{ ${members.join('; ')} }`
}

function schemas(list: readonly unknown[]): readonly JsonSchema[] {
  return list.filter(isRecord)
}

function union(parts: readonly string[]): string {
  return [...new Set(parts)].join(' | ') || 'never'
}
