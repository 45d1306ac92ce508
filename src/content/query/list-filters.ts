import type { Predicate } from '../../store/predicate.ts'
import { foundInOwnTable, lower, type Scope } from '../lower.ts'
import { prepared, type ObjectType } from '../object-types.ts'
import { fieldCondition, publicField, unknownFilter, valuesOf } from './field-filter.ts'
import { badValue, termName, type FilterTerm } from './filter-terms.ts'
import { queryFilter, substringFilter } from './text-filter.ts'

/** Among which types a filter is asked, and when. */
export interface FilterScope {
  readonly types: readonly ObjectType[]
  readonly now: string
  /** The one type, whose own fields may be named without it. */
  readonly single: ObjectType | undefined
}

/** The types that `filter[object_type]` leaves of those that are listed. */
export function narrowed(filters: readonly FilterTerm[], listed: readonly ObjectType[]): readonly ObjectType[] {
  const term = filters.find((one) => one.name === 'object_type')
  if (term === undefined) return listed
  if (term.operator !== 'eq' && term.operator !== 'in') throw unknownFilter(term, undefined)
  const names = valuesOf(term, { kind: 'text' })
  return names.map((name) => {
    const type = listed.find((one) => one.name === name)
    if (type === undefined)
      throw badValue(termName(term), `${JSON.stringify(String(name).slice(0, 100))} is not an object type here`)
    return type
  })
}

/** A filter by a field or by words. */
export function filterPredicate(term: FilterTerm, scope: FilterScope): Predicate {
  const { single } = scope
  if (Object.hasOwn(textFilters, term.name) && term.operator === 'eq')
    return textFilters[term.name]?.(term, scope.types) ?? true
  const dot = term.name.indexOf('.')
  if (dot < 0) {
    const condition = fieldCondition(term, term.name, single)
    const type = single ?? anyType
    return lower(condition, columnsOf(type, scope))
  }
  const type = byModel(term.name.slice(0, dot), scope.types)
  const name = term.name.slice(dot + 1)
  if (type === undefined || !Object.hasOwn(type.fields, name) || publicField(type, name) === undefined)
    throw unknownFilter(term, single)
  const predicate = lower(fieldCondition(term, name, type), columnsOf(type, scope))
  return type === single ? predicate : foundInOwnTable(type, predicate)
}

/** The moment is not asked for by filters on fields, which are nearly all there are (bench: list). */
function columnsOf(type: ObjectType, scope: FilterScope): Scope {
  return {
    type,
    joined: true,
    veils: type.veils,
    get now() {
      return scope.now
    },
  }
}

const textFilters: Readonly<Record<string, (term: FilterTerm, types: readonly ObjectType[]) => Predicate>> = {
  query: queryFilter,
  substring: substringFilter,
}

/** `Card` or `card`, `ShortNews` or `short_news`. */
function byModel(model: string, types: readonly ObjectType[]): ObjectType | undefined {
  const name = model.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase()
  return types.find((type) => type.name === model || (type.name === name && /^[A-Z]/.test(model)))
}

/** Stands in where several types are listed and only shared fields can be named. */
const anyType = prepared({ name: '', plural: '', fields: {}, rules: {}, section: false, relations: {} })
