import type { ExplorerData, ExplorerEndpoint, JsonSchema } from '../data/model.ts'

/**
 * A body to start from: the fields that the schema or the object type knows, each with an empty value of its kind.
 * `undefined` where nobody knows any.
 */
export function sampleBody(
  endpoint: ExplorerEndpoint,
  schema: JsonSchema,
  types: ExplorerData['types'],
): string | undefined {
  const sample = Object.keys(schema).length > 0 ? sampleOf(schema, schema) : sampleOfType(endpoint, types)
  return sample === undefined ? undefined : JSON.stringify(sample, null, 2)
}

/** A module's operations on the type of its name: all fields but the id, which the server gives. */
function sampleOfType({ group, path }: ExplorerEndpoint, types: ExplorerData['types']): unknown {
  const type = types.find(({ name, plural }) => group === name || group === plural || path.split('/').includes(plural))
  if (!type) return undefined
  return Object.fromEntries(type.fields.filter((field) => field !== 'id').map((field) => [field, '']))
}

/** `root` holds the definitions that references go to; each is followed once, so that recursion ends. */
export function sampleOf(schema: JsonSchema, root: JsonSchema, seen: readonly string[] = []): unknown {
  const reference = schema['$ref']
  if (typeof reference === 'string')
    return seen.includes(reference) ? null : sampleOf(follow(reference, root), root, [...seen, reference])
  for (const word of ['default', 'const'] as const) if (word in schema) return schema[word]
  const [example] = listOf(schema['examples'])
  if (example !== undefined) return example
  const [choice] = listOf(schema['enum'])
  if (choice !== undefined) return choice
  const [first] = [...listOf(schema['anyOf']), ...listOf(schema['oneOf']), ...listOf(schema['allOf'])]
  if (first !== undefined) return sampleOf(first as JsonSchema, root, seen)
  return ofType(schema, root, seen)
}

function ofType(schema: JsonSchema, root: JsonSchema, seen: readonly string[]): unknown {
  const type = Array.isArray(schema['type']) ? (schema['type'] as unknown[])[0] : schema['type']
  if (type === 'object') {
    const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)
    return Object.fromEntries(properties.map(([name, property]) => [name, sampleOf(property, root, seen)]))
  }
  const empty: Readonly<Record<string, unknown>> = { string: '', number: 0, integer: 0, boolean: false, array: [] }
  return typeof type === 'string' ? (empty[type] ?? null) : null
}

function follow(reference: string, root: JsonSchema): JsonSchema {
  if (reference === '#') return root
  const definitions = (root['$defs'] ?? {}) as Readonly<Record<string, JsonSchema>>
  return definitions[reference.split('/').at(-1) ?? ''] ?? {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
