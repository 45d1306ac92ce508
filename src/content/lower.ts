import type { BoundValue, Comparison, Condition } from '../schema/condition.ts'
import type { Predicate } from '../store/predicate.ts'
import type { ColumnType } from '../store/table.ts'
import type { Field } from './field.ts'
import { columnOf } from './field-kinds.ts'
import { sharedFields } from './shared-fields.ts'
import { columnFor, type ObjectType } from './object-types.ts'

type FieldCondition = Extract<Condition, { readonly is: Comparison } | { readonly in: readonly BoundValue[] }>

/** Where a condition is put: joined to the type's own table, or on objects of several types. */
export interface Scope {
  readonly type: ObjectType
  /** Whether the query has the type's own table as `t`; else own fields are asked for in a sub-select. */
  readonly joined: boolean
  /** The moment for which `published` holds; only asked for where a rule speaks of it (bench: access). */
  readonly now: string
  /** What the objects are called, where they are not `o`: then each is asked for by itself, and own fields in a sub-select. */
  readonly as?: string
  /** What a caller asks by: fields count as absent where their veil is not lifted. Rules look through it. */
  readonly veils?: ObjectType['veils']
}

/** A condition on a type's fields, as a predicate on columns. A field that the type lacks yields no row. */
export function lower(condition: Condition, scope: Scope): Predicate {
  if (typeof condition === 'boolean') return condition
  if ('all' in condition) return { all: condition.all.map((part) => lower(part, scope)) }
  if ('any' in condition) return { any: condition.any.map((part) => lower(part, scope)) }
  if ('not' in condition) return { not: lower(condition.not, scope) }
  const { as = 'o' } = scope
  if ('published' in condition) return published(scope.now, as)
  if ('listed' in condition) return scope.as === undefined ? listed(condition) : listedOn(`${as}.id`, condition)
  if ('has' in condition) return unveiled(holding(condition, as), scope.veils?.get(condition.field))
  return onField(condition, scope)
}

function onField(condition: FieldCondition, scope: Scope): Predicate {
  const { field } = condition
  const { type, as = 'o' } = scope
  const isShared = Object.hasOwn(sharedFields, field)
  const own = isShared ? sharedFields[field] : Object.hasOwn(type.fields, field) ? type.fields[field] : undefined
  if (own === undefined || !isComparedWith(own, condition)) return false
  const given = scope.veils?.get(field)
  const column = { column: isShared ? `${as}.${field}` : columnFor(field), ...(given === undefined ? {} : { given }) }
  const predicate: Predicate =
    'in' in condition ? { ...column, in: condition.in } : { ...column, is: condition.is, value: condition.value }
  return isShared || scope.joined ? predicate : inOwnTable(type, predicate, as)
}

/** Comparing is strict by type. What comes from a query fits; a function of the site's own may say what it likes. */
function isComparedWith(field: Field, condition: FieldCondition): boolean {
  const column = columnOf(field)
  const values = 'in' in condition ? condition.in : [condition.value]
  return values.every((value) => value === null || fits(column, value))
}

function fits(column: ColumnType, value: BoundValue): boolean {
  if (column === 'boolean') return typeof value === 'boolean'
  if (column === 'integer') return Number.isSafeInteger(value)
  return typeof value === (column === 'number' ? 'number' : 'string')
}

function unveiled(predicate: Predicate, veil: Predicate | undefined): Predicate {
  return veil === undefined ? predicate : { all: [veil, predicate] }
}

/** Rows of the type's own table, asked for from the objects. */
export function inOwnTable(type: ObjectType, predicate: Predicate, as = 'o'): Predicate {
  return {
    exists: { from: type.table, as: 't', where: { all: [{ column: 't.id', is: 'eq', other: `${as}.id` }, predicate] } },
  }
}

/** The same, asked for as a set of ids, so that the database may begin there: for what somebody looks for. */
export function foundInOwnTable({ table }: ObjectType, where: Predicate): Predicate {
  return { column: 'o.id', among: { from: table, as: 't', select: 't.id', where } }
}

export function published(now: string, as = 'o'): Predicate {
  return {
    all: [
      { column: `${as}.status`, is: 'eq', value: 'on' },
      {
        any: [
          { column: `${as}.published_from`, is: 'eq', value: null },
          { column: `${as}.published_from`, is: 'lte', value: now },
        ],
      },
      {
        any: [
          { column: `${as}.published_until`, is: 'eq', value: null },
          { column: `${as}.published_until`, is: 'gt', value: now },
        ],
      },
    ],
  }
}

/** Asked for as a set of ids, so that the database may begin there instead of with the objects. */
function holding(condition: { readonly field: string; readonly has: readonly string[] }, as: string): Predicate {
  const where: Predicate = {
    all: [
      { column: 'x.field', is: 'eq', value: condition.field },
      { column: 'x.value', in: condition.has },
    ],
  }
  return { column: `${as}.id`, among: { from: 'list_entries', as: 'x', select: 'x.object_id', where } }
}

interface Listed {
  readonly listed: string
  readonly user: number | null
  readonly roles: readonly string[]
}

/** All that name the caller: where the database may begin. */
function listed(condition: Listed): Predicate {
  return {
    column: 'o.id',
    among: { from: 'access_entries', as: 'a', select: 'a.object_id', where: naming(condition) },
  }
}

/** Whether this one names the caller. */
function listedOn(id: string, condition: Listed): Predicate {
  const where: Predicate = { all: [{ column: 'a.object_id', is: 'eq', other: id }, naming(condition)] }
  return { exists: { from: 'access_entries', as: 'a', where } }
}

function naming(condition: Listed): Predicate {
  const someone: Predicate[] = []
  if (condition.user !== null) someone.push({ column: 'a.user_id', is: 'eq', value: condition.user })
  if (condition.roles.length > 0) someone.push({ column: 'a.role', in: condition.roles })
  return { all: [{ column: 'a.field', is: 'eq', value: condition.listed }, { any: someone }] }
}
