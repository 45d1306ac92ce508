import type { JsonSchema } from '../schema/standard.ts'
import { isRecord } from './inputs.ts'

export interface Hoisted {
  readonly schema: JsonSchema
  /** The schema's own `$defs`, under names that no other schema uses. */
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/**
 * A schema whose references still hold once it is a part of a larger document: `#/$defs/Name` becomes
 * `#/components/schemas/<prefix>.Name`, and `#`, the schema itself, `<prefix>`.
 */
export function hoistDefinitions(schema: JsonSchema, prefix: string): Hoisted {
  const name = prefix.replaceAll(/[^A-Za-z0-9._-]+/g, '_')
  const { $defs, ...rest } = schema
  const own = rewrite(rest, name)
  const definitions = Object.fromEntries(
    Object.entries(isRecord($defs) ? $defs : {}).flatMap(([key, value]) =>
      isRecord(value) ? [[`${name}.${key}`, rewrite(value, name)]] : [],
    ),
  )
  if (!refersToItself(schema)) return { schema: own, definitions }
  return { schema: { $ref: `#/components/schemas/${name}` }, definitions: { ...definitions, [name]: own } }
}

/** The same schema, with a name for itself among its own `$defs`: so that it can be put into another one. */
export function nameRoot(schema: JsonSchema, name: string): JsonSchema {
  if (!refersToItself(schema)) return schema
  const { $defs, ...own } = replaceRoot(schema, `#/$defs/${name}`)
  return { $ref: `#/$defs/${name}`, $defs: { ...(isRecord($defs) ? $defs : {}), [name]: own } }
}

function replaceRoot(schema: JsonSchema, by: string): JsonSchema {
  const replaced: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && value === '#' ? by : value,
  )
  return isRecord(replaced) ? replaced : {}
}

function rewrite(given: JsonSchema, name: string): JsonSchema {
  const schema = withoutNeedlessChoice(given)
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, rewriteValue(key, value, name)]))
}

/** A choice of one is no choice: a site with a single type has several. */
function withoutNeedlessChoice(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema
  const [only, ...others] = Array.isArray(anyOf) ? (anyOf as readonly unknown[]) : []
  if (others.length > 0 || !isRecord(only) || Object.keys(rest).some((key) => key in only)) return schema
  return withoutNeedlessChoice({ ...only, ...rest })
}

function rewriteValue(key: string, value: unknown, name: string): unknown {
  if (key === '$ref' && value === '#') return `#/components/schemas/${name}`
  if (key === '$ref' && typeof value === 'string') return value.replace(/^#\/\$defs\//, `#/components/schemas/${name}.`)
  if (Array.isArray(value)) return value.map((item: unknown) => rewriteValue('', item, name))
  return isRecord(value) ? rewrite(value, name) : value
}

function refersToItself(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(refersToItself)
  if (!isRecord(value)) return false
  return value['$ref'] === '#' || Object.values(value).some(refersToItself)
}
