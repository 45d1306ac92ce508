import type { Rule } from '../endpoint/rule.ts'
import { isComparable, isList } from './field-kinds.ts'
import { isIndexed } from './leads.ts'
import type { ObjectType } from './object-types.ts'

/** Own fields of a type that rules or allowed filters speak of, and for which the database has to read every row of the type. */
export interface Unindexed {
  readonly type: string
  readonly byRules: readonly string[]
  readonly byFilters: readonly string[]
}

/** `allowed`: names of query strings that lists of the type take, such as `filter[price]`, `filter[Card.name]` or `filter[*]`. */
export function unindexed(type: ObjectType, allowed: readonly string[]): Unindexed {
  const without = type.ownNames.filter((name) => isWithoutIndex(type, name))
  const ruled = new Set(Object.values(type.rules).flatMap(fieldsOf))
  const open = without.filter((name) => type.publicNames.includes(name))
  return {
    type: type.name,
    byRules: without.filter((name) => ruled.has(name)),
    byFilters: open.filter((name) => allowed.some((one) => isFilterOf(one, type, name))),
  }
}

function isWithoutIndex(type: ObjectType, name: string): boolean {
  const field = type.fields[name]
  return field !== undefined && isComparable(field) && !isList(field) && !isIndexed(field)
}

function isFilterOf(allowed: string, type: ObjectType, name: string): boolean {
  const found = /^filter\[([^\]]+)\]/.exec(allowed)?.[1]
  if (found === '*' || found === name) return true
  const [model = '', own] = found?.split('.') ?? []
  return own === name && model.toLowerCase() === type.name.replaceAll('_', '')
}

function fieldsOf(rule: Rule): string[] {
  if (typeof rule === 'string') return []
  if ('any' in rule) return rule.any.flatMap(fieldsOf)
  if ('all' in rule) return rule.all.flatMap(fieldsOf)
  return 'where' in rule ? Object.keys(rule.where) : []
}
