import type { Rule } from '../endpoint/rule.ts'
import type { Place } from '../errors/postern-error.ts'
import { field, type Field, type TypedField } from './field.ts'
import { fieldKinds, Misfit } from './field-kinds.ts'
import { sharedFields } from './shared-fields.ts'

/** What may be done with the objects of a type, and by whom; an operation without a rule is not activated. */
export interface TypeRules {
  readonly read?: Rule
  readonly create?: Rule
  readonly update?: Rule
  readonly delete?: Rule
}

/** What a section asks of whoever wants to see, change or delete what lies below it, however deep; a right that is not named is left to the objects' own rules. */
export interface BelowRules {
  readonly read?: Rule
  readonly update?: Rule
  readonly delete?: Rule
}

export type Fields = Readonly<Record<string, Field>>

export interface TypeOptions<Own extends Fields> {
  /** Lower-case words joined by `_`, in the singular. */
  readonly name: string
  readonly plural?: string
  readonly description?: string
  readonly fields?: Own
  readonly rules?: TypeRules
  /** Its objects hold others in order: they are the branches of the tree. */
  readonly section?: boolean
  /** Of a section: rules on its own row that hold for all that lies below it. They only ever narrow. */
  readonly below?: BelowRules
  readonly relations?: Readonly<Record<string, RelationOptions>>
}

export interface RelationOptions {
  /** The types it may lead to; absent: any. */
  readonly to?: string | readonly string[]
  /** The name under which the other side sees it. */
  readonly inverse?: string
  /** Values that each link carries. */
  readonly params?: Fields
}

/** A type as plain data, with nothing left open: it crosses from the site's thread into the house as it is. */
export interface TypeData {
  readonly name: string
  readonly plural: string
  readonly description?: string
  readonly fields: Fields
  readonly rules: TypeRules
  readonly section: boolean
  readonly below?: BelowRules
  readonly relations: Readonly<Record<string, RelationOptions>>
  /** Where it was written. */
  readonly origin?: Place
}

export interface DefinedType<Own extends Fields = Fields> extends TypeData {
  readonly fields: Own
  readonly [typeMark]: true
}

/** An object of the type as handlers get it: the values that a field may lack are null. */
export type ObjectOf<Type extends DefinedType> = {
  readonly [Name in keyof Type['fields']]: Type['fields'][Name] extends TypedField<infer Value> ? Value : unknown
} & {
  readonly id: number
  readonly object_type: string
  readonly status: 'draft' | 'on' | 'off'
  readonly slug: string
  readonly title: string | null
  readonly description: string | null
  readonly lang: string | null
  readonly owner: number | null
  readonly created: string
  readonly modified: string
  readonly published_from: string | null
  readonly published_until: string | null
  readonly version: number
}

const typeMark = Symbol.for('postern.type')
const known = new Set(['name', 'plural', 'description', 'fields', 'rules', 'section', 'below', 'relations'])
const ruleNames = new Set(['read', 'create', 'update', 'delete'])
const belowNames = new Set(['read', 'update', 'delete'])
/** Names that mean something else in what is written or answered. */
const reserved = new Set([
  'trashed',
  'relations',
  'parents',
  'children',
  'translations',
  'meta',
  'relevance',
  'constructor',
  'prototype',
])
const namePattern = /^[a-z][a-z0-9_]{0,40}$/
const nameShape = 'lower-case words joined by "_", 41 letters at most'
const fieldOptionNames = new Set([
  'kind',
  'required',
  'unique',
  'default',
  'index',
  'private',
  'read',
  'write',
  'localized',
  'description',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'options',
  'multiple',
  'to',
])

/** Throws a TypeError that says what is wrong, so that a site never starts with half a type. */
export function defineType<const Own extends Fields = Record<never, never>>(
  options: TypeOptions<Own>,
): DefinedType<Own> {
  refuseUnknown(options, known, 'defineType')
  const { name } = options
  if (!namePattern.test(name)) throw new TypeError(`A type's name is ${nameShape}, not ${JSON.stringify(name)}.`)
  const plural = options.plural ?? `${name}s`
  if (!namePattern.test(plural))
    throw new TypeError(`The plural of ${name} is ${nameShape}, not ${JSON.stringify(plural)}.`)
  refuseUnknown(options.rules ?? {}, ruleNames, `The rules of ${name}`)
  checkBelow(options)
  const fields = options.fields ?? ({} as Own)
  for (const [fieldName, one] of Object.entries(fields)) checkField(`${name}.${fieldName}`, fieldName, one)
  checkParams(options)
  return Object.freeze({
    name,
    plural,
    ...(options.description === undefined ? {} : { description: options.description }),
    fields,
    rules: options.rules ?? {},
    section: options.section ?? false,
    ...(options.below === undefined ? {} : { below: options.below }),
    relations: options.relations ?? {},
    [typeMark]: true as const,
  })
}

export function isDefinedType(value: unknown): value is DefinedType {
  return typeof value === 'object' && value !== null && typeMark in value
}

/** What is left of a type when it crosses threads. */
export function typeData(type: TypeData, origin?: Place): TypeData {
  const { name, plural, description, fields, rules, section, below, relations } = type
  const place = origin ?? type.origin
  return {
    name,
    plural,
    fields,
    rules,
    section,
    relations,
    ...(description === undefined ? {} : { description }),
    ...(below === undefined ? {} : { below }),
    ...(place === undefined ? {} : { origin: place }),
  }
}

function checkBelow({ name, section, below }: TypeOptions<Fields>): void {
  if (below === undefined) return
  if (section !== true) throw new TypeError(`${name}.below: only a section has anything below it; add section: true.`)
  refuseUnknown(below, belowNames, `${name}.below`)
}

function checkField(path: string, name: string, one: Field): void {
  if (!namePattern.test(name)) throw new TypeError(`${path}: a field's name is ${nameShape}.`)
  if (Object.hasOwn(sharedFields, name) || reserved.has(name)) {
    throw new TypeError(`${path}: every object has ${JSON.stringify(name)} already; choose another name.`)
  }
  if (!Object.hasOwn(fieldKinds, one.kind))
    throw new TypeError(
      `${path}: write it as field.text(), field.integer(), … (there are ${Object.keys(field).join(', ')}).`,
    )
  refuseUnknown(one, fieldOptionNames, path)
  if (one.private === true && one.read !== undefined)
    throw new TypeError(`${path}: a private field is read by nobody; say either private or read.`)
  if (one.kind === 'select' && !one.options?.length) throw new TypeError(`${path}: a select needs options.`)
  if (one.default === undefined) return
  const parsed = fieldKinds[one.kind].parse(one.default, one)
  if (parsed instanceof Misfit) throw new TypeError(`${path}: the default ${parsed.message}.`)
}

/** What a link carries is answered with the link; a rule that nobody would ask must not look like protection. */
function checkParams({ name, relations = {} }: TypeOptions<Fields>): void {
  const params = Object.entries(relations).flatMap(([relation, of]) =>
    Object.entries(of.params ?? {}).map(([param, one]) => [`${name}.relations.${relation}.${param}`, one] as const),
  )
  for (const [path, { read, write, private: hidden }] of params) {
    if (read !== undefined || write !== undefined || hidden === true)
      throw new TypeError(`${path}: what a link carries is read and written with the link; it has no rules of its own.`)
  }
}

function refuseUnknown(value: object, names: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(value).find((name) => !names.has(name))
  if (unknown !== undefined) throw new TypeError(`${where} does not know ${JSON.stringify(unknown)}.`)
}
