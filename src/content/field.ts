import type { Rule } from '../endpoint/rule.ts'

/** A field of a type as plain data. What its kind means is in `field-kinds.ts`. */
export interface Field {
  readonly kind: FieldKindName
  readonly required?: boolean
  readonly unique?: boolean
  readonly default?: unknown
  /** Filters, sorting and rules on it find an index. */
  readonly index?: boolean
  /** Never leaves the server: not in answers, filters, sorts, search or docs; rules may speak of it. */
  readonly private?: boolean
  /** Who may read it, of the objects that they may read; to all others it is as if it were private. Absent: whoever reads the object. */
  readonly read?: Rule
  /** Who may write it, of those who may create or update the object. Absent: all of them. */
  readonly write?: Rule
  /** Each translation has its own value. */
  readonly localized?: boolean
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** Of `select`. */
  readonly options?: readonly string[]
  readonly multiple?: boolean
  /** Of `reference`: the type, or types, that it may name. */
  readonly to?: string | readonly string[]
}

export type FieldKindName =
  | 'text'
  | 'richText'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'select'
  | 'json'
  | 'reference'
  | 'accessList'
  | 'file'
  | 'slug'
  | 'tags'

export interface AccessList {
  readonly users?: readonly number[]
  readonly roles?: readonly string[]
}

/** A field that remembers the type of its values, for `ObjectOf`. */
export interface TypedField<Value> extends Field {
  readonly value?: Value
}

export type FieldOptions = Omit<Field, 'kind' | 'options' | 'multiple' | 'to'>

/** What is answered only to some may be missing. */
type Held<Value, Options> = TypedField<
  | (Options extends { readonly required: true } ? Value : Value | null)
  | (Options extends { readonly read: Rule } ? undefined : never)
>

function text<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'text', ...options }
}

function richText<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'richText', ...options }
}

function integer<const O extends FieldOptions>(options?: O): Held<number, O> {
  return { kind: 'integer', ...options }
}

function number<const O extends FieldOptions>(options?: O): Held<number, O> {
  return { kind: 'number', ...options }
}

function boolean<const O extends FieldOptions>(options?: O): Held<boolean, O> {
  return { kind: 'boolean', ...options }
}

/** A day, `2026-11-21`. */
function date<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'date', ...options }
}

/** A moment, ISO 8601 with its offset; kept and answered in UTC. */
function datetime<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'datetime', ...options }
}

/** One of the options, or with `multiple` a list of some. */
function select<const O extends FieldOptions & { readonly options: readonly string[]; readonly multiple?: boolean }>(
  options: O,
): Held<O extends { readonly multiple: true } ? readonly O['options'][number][] : O['options'][number], O> {
  return { kind: 'select', ...options }
}

function json<const O extends FieldOptions>(options?: O): Held<unknown, O> {
  return { kind: 'json', ...options }
}

/** The id of another object. */
function reference<const O extends FieldOptions & { readonly to: string | readonly string[] }>(
  options: O,
): Held<number, O> {
  return { kind: 'reference', ...options }
}

/** Users and roles, for `allow.listed`. */
function accessList<const O extends FieldOptions>(options?: O): Held<AccessList, O> {
  return { kind: 'accessList', ...options }
}

/** The name of a stored file. */
function file<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'file', ...options }
}

/** Lower-case words joined by `-`. */
function slug<const O extends FieldOptions>(options?: O): Held<string, O> {
  return { kind: 'slug', ...options }
}

/** Free words, shared by all types: `filter[tags]=red,blue`. */
function tags<const O extends FieldOptions>(options?: O): Held<readonly string[], O> {
  return { kind: 'tags', ...options }
}

export const field = Object.freeze({
  text,
  richText,
  integer,
  number,
  boolean,
  date,
  datetime,
  select,
  json,
  reference,
  accessList,
  file,
  slug,
  tags,
})
