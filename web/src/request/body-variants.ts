import type { ExplorerData, JsonSchema } from '../data/model.ts'

/** One of the shapes that a body may have: of each object type, of each kind of sign-in. */
export interface Variant {
  readonly label: string
  readonly schema: JsonSchema
}

/** The shapes of a body; a single one where the schema gives no choice. References are followed to `$defs`. */
export function variantsOf(schema: JsonSchema, types: ExplorerData['types']): readonly Variant[] {
  const choices = listOf(schema['anyOf'] ?? schema['oneOf']).map((choice) => withDefinitions(choice, schema))
  if (choices.length === 0) return [{ label: '', schema }]
  const labels = choices.map(labelOf)
  return choices.map((choice, index) => ({
    label: labels[index] ?? (choices.length === types.length ? types[index]?.name : undefined) ?? `${index + 1}`,
    schema: choice,
  }))
}

/** Its title, or the first value that it fixes: `artwork` for `{ object_type: { const: 'artwork' } }`. */
function labelOf(schema: JsonSchema): string | undefined {
  if (typeof schema['title'] === 'string') return schema['title']
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  const fixed = Object.values(properties).find((property) => typeof property['const'] === 'string')
  return fixed ? String(fixed['const']) : undefined
}

function withDefinitions(choice: JsonSchema, root: JsonSchema): JsonSchema {
  const definitions = (root['$defs'] ?? {}) as Readonly<Record<string, JsonSchema>>
  const reference = choice['$ref']
  const name = typeof reference === 'string' ? (reference.split('/').at(-1) ?? '') : undefined
  return { ...(name === undefined ? choice : definitions[name]), ...(root['$defs'] ? { $defs: definitions } : {}) }
}

function listOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : []
}
