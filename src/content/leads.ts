import type { Predicate } from '../store/predicate.ts'
import type { Field } from './field.ts'
import type { ObjectType } from './object-types.ts'

/** Whether the database keeps an index for the field by itself or because its type says so. */
export function isIndexed(field: Pick<Field, 'index' | 'unique' | 'kind'> | undefined): boolean {
  return field !== undefined && (field.index === true || field.unique === true || field.kind === 'reference')
}

/** Whether an index other than those of the shared fields, which begin with the type, leads to the rows: of words, of ties, or of the type's own table. */
export function leads(predicate: Predicate, type: ObjectType | undefined): boolean {
  return isLed(predicate, (one) => 'matches' in one || 'among' in one || isOwnIndex(one, type))
}

/** Whether one value in an index of the type's own table does: its rows come in the order of their ids. */
export function leadsInOrder(predicate: Predicate, type: ObjectType): boolean {
  return isLed(predicate, (one) => 'is' in one && one.is === 'eq' && isOwnIndex(one, type))
}

type OnColumn = Extract<Predicate, { readonly column: string }>

function isLed(predicate: Predicate, isLead: (one: OnColumn) => boolean): boolean {
  if (typeof predicate === 'boolean') return false
  if ('all' in predicate) return predicate.all.some((part) => isLed(part, isLead))
  if ('any' in predicate) return predicate.any.length === 1 && predicate.any.every((part) => isLed(part, isLead))
  return 'column' in predicate && isLead(predicate)
}

/** What holds of nearly all rows leads nowhere, and what a row may withhold is in no index. */
function isOwnIndex(one: OnColumn, type: ObjectType | undefined): boolean {
  if (!one.column.startsWith('t.') || 'given' in one || ('is' in one && one.is === 'ne')) return false
  return isIndexed(type?.fields[one.column.slice('t.'.length)])
}
