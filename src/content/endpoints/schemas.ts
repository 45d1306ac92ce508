import type { JsonSchema } from '../../schema/standard.ts'
import { objectSchema, writableSchema } from '../object-schema.ts'
import type { ObjectType } from '../object-types.ts'

export function listSchema(type?: ObjectType): JsonSchema {
  return { type: 'array', items: objectSchema(type) }
}

export function objectSchemaOf(type?: ObjectType): JsonSchema {
  return objectSchema(type)
}

/** What may be created: one object of any type, or a list of them. */
export function bodySchema(types: readonly ObjectType[]): JsonSchema {
  const one = { anyOf: types.map((type) => withType(writableSchema(type, false), type)) }
  return types.length === 0 ? { type: 'object' } : { anyOf: [...one.anyOf, { type: 'array', items: one }] }
}

export function changesSchema(types: readonly ObjectType[]): JsonSchema {
  return types.length === 0 ? { type: 'object' } : { anyOf: types.map((type) => writableSchema(type, true)) }
}

function withType(schema: JsonSchema, type: ObjectType): JsonSchema {
  const properties = { object_type: { type: 'string', const: type.name }, ...(schema['properties'] as object) }
  const required = ['object_type', ...((schema['required'] ?? []) as string[])]
  return { ...schema, properties, required }
}
