import { ruleWords } from '../schema/rule-words.ts'
import type { JsonSchema } from '../schema/standard.ts'
import type { Field } from './field.ts'
import { fieldOf, type ObjectType } from './object-types.ts'
import { sharedFields, sharedNames } from './shared-fields.ts'

/** JSON Schema of an object as it is answered, without private fields. No type: what all objects share. */
export function objectSchema(type?: ObjectType): JsonSchema {
  const names = type?.publicNames ?? sharedNames
  const properties = Object.fromEntries(names.map((name) => [name, answered(fieldOf(type, name), name)]))
  const fixed = type === undefined ? properties : { ...properties, object_type: { type: 'string', const: type.name } }
  return {
    type: 'object',
    properties: fixed,
    required: ['id', 'object_type'],
    additionalProperties: type === undefined,
  }
}

/** JSON Schema of what may be written. `partial`: only changes. Private fields may be written, but not even their names are told. */
export function writableSchema(type: ObjectType, partial: boolean): JsonSchema {
  const shared = sharedNames.filter((name) => sharedFields[name]?.by === 'writer')
  const told = type.ownNames.filter((name) => type.publicNames.includes(name))
  const names = [...shared, ...told]
  // A field that not everybody may write cannot be asked of everybody.
  const required = told.filter((name) => {
    const field = type.fields[name]
    return field?.required === true && field.default === undefined && !type.writeRuled.includes(name)
  })
  const properties = Object.fromEntries(names.map((name) => [name, answered(fieldOf(type, name), name)]))
  return {
    type: 'object',
    properties,
    additionalProperties: told.length < type.ownNames.length,
    ...(partial || required.length === 0 ? {} : { required }),
  }
}

function answered(field: Field | undefined, name: string): JsonSchema {
  if (field === undefined) return {}
  return { ...plainly(field, name), ...rulesOf(field) }
}

/** Whoever tells a caller of the schema leaves out what is closed to them by these, and these as well. */
function rulesOf({ read, write }: Field): JsonSchema {
  return {
    ...(read === undefined ? {} : { [ruleWords.read]: read }),
    ...(write === undefined ? {} : { [ruleWords.write]: write }),
  }
}

function plainly(field: Field, name: string): JsonSchema {
  const one = kindSchema(field)
  const described = field.description === undefined ? one : { ...one, description: field.description }
  return field.required === true || name === 'id' ? described : nullable(described)
}

function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema['type'] !== 'string') return schema
  const options = schema['enum']
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(options) ? { enum: [...(options as unknown[]), null] } : {}),
  }
}

function kindSchema(field: Field): JsonSchema {
  switch (field.kind) {
    case 'integer':
    case 'reference':
      return { type: 'integer' }
    case 'number':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'datetime':
      return { type: 'string', format: 'date-time' }
    case 'select':
      return field.multiple === true
        ? { type: 'array', items: { type: 'string', enum: field.options } }
        : { type: 'string', enum: field.options }
    case 'tags':
      return { type: 'array', items: { type: 'string' } }
    case 'json':
      return {}
    case 'accessList':
      return {
        type: 'object',
        properties: {
          users: { type: 'array', items: { type: 'integer' } },
          roles: { type: 'array', items: { type: 'string' } },
        },
      }
    default:
      return { type: 'string' }
  }
}
