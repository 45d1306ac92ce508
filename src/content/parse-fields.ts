import { PosternError, type FieldError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import type { Row } from '../store/port.ts'
import type { Field } from './field.ts'
import { fieldKinds, Misfit } from './field-kinds.ts'
import { fieldOf, type ObjectType } from './object-types.ts'
import type { Input } from './parts.ts'
import { sharedFields } from './shared-fields.ts'

export interface ParsedFields {
  readonly shared: Row
  readonly own: Row
}

export interface ParseOptions {
  /** Fills in defaults and asks for required fields. */
  readonly creating: boolean
  /** Whether owner and times may be given: to the site's own code acting as the system, never to a caller. */
  readonly system: boolean
  /** Where the fields were given, for errors: `body`, `body.3`. */
  readonly path: string
}

/** The values as they are stored. Refuses unknown and server-owned fields (UNKNOWN_FIELD) and misfits (INVALID), all at once. */
export function parseFields(type: ObjectType, input: Input, options: ParseOptions): ParsedFields {
  refuseUnknown(type, input, options)
  const errors: FieldError[] = []
  const parsed: ParsedFields = { shared: {}, own: {} }
  for (const name of options.creating ? creatable(type) : Object.keys(input)) {
    const field = fieldOf(type, name)
    if (field === undefined) continue
    const value = parseValue(field, Object.hasOwn(input, name) ? input[name] : undefined, options)
    if (value instanceof Misfit) errors.push({ path: `${options.path}.${name}`, message: value.message })
    else if (value !== undefined) (Object.hasOwn(sharedFields, name) ? parsed.shared : parsed.own)[name] = value
  }
  if (errors.length > 0) throw new PosternError('INVALID', sentence(errors), { errors })
  return parsed
}

function parseValue(field: Field, given: unknown, options: ParseOptions): unknown {
  const value = given === undefined && options.creating ? field.default : given
  if (value === undefined) return options.creating && isMissing(field) ? new Misfit('is required') : undefined
  if (value === null) return field.required === true ? new Misfit('is required') : null
  return fieldKinds[field.kind].parse(value, field)
}

/** The server gives what is not given of its own fields and of the slug. */
function isMissing(field: Field): boolean {
  return field.required === true && !('by' in field)
}

function creatable(type: ObjectType): string[] {
  return [
    ...Object.keys(sharedFields).filter((name) => name !== 'id' && name !== 'version' && name !== 'object_type'),
    ...type.ownNames,
  ]
}

function refuseUnknown(type: ObjectType, input: Input, options: ParseOptions): void {
  const unknown = Object.keys(input).filter((name) => !isWritable(type, name, options))
  const [first] = unknown
  if (first === undefined) return
  const near = nearest(first, [...type.publicNames])
  const guess = near === undefined || near === first ? '' : ` Did you mean ${JSON.stringify(near)}?`
  const errors = unknown
    .slice(0, 20)
    .map((name) => ({ path: `${options.path}.${name.slice(0, 100)}`, message: 'cannot be written' }))
  throw new PosternError(
    'UNKNOWN_FIELD',
    `${type.name} has no field ${JSON.stringify(first.slice(0, 100))} that can be written.${guess}`,
    { errors },
  )
}

function isWritable(type: ObjectType, name: string, options: ParseOptions): boolean {
  if (Object.hasOwn(type.fields, name)) return true
  if (!Object.hasOwn(sharedFields, name)) return false
  return sharedFields[name]?.by === 'writer' || (options.system && systemNames.has(name))
}

function sentence(errors: readonly FieldError[]): string {
  const [first] = errors
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return first === undefined ? 'A value does not fit.' : `${first.path} ${first.message}${rest}.`
}

const systemNames = new Set(['owner', 'created', 'modified'])
