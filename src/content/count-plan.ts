import type { SelectPlan } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { constant } from '../store/shape.ts'
import type { ObjectType } from './object-types.ts'
import { wordIndex } from './word-index.ts'

interface Listed {
  readonly rows: SelectPlan
  readonly type: ObjectType
  /** Whether nothing but these filters narrows the list: the rule lets everything pass, and no object or link leads to it. */
  readonly isOpen: boolean
  /** Whether the type's words are no other type's. */
  readonly isMarkOwn: boolean
  readonly filters: readonly Predicate[]
}

/**
 * The rows of a list at the least cost, for being counted. What only the type's own fields narrow is counted in the type's
 * own table, and what only words narrow in the index of words, with one look into the trash, and not by joining ten
 * thousand objects (bench: list).
 */
export function countPlan({ rows, type, isOpen, isMarkOwn, filters }: Listed): SelectPlan {
  const [only, ...others] = filters.filter((filter) => filter !== true)
  if (isOpen && isMarkOwn && others.length === 0 && isOfWords(only)) {
    const all = [{ ...only, column: 'w.rowid' }, notInTrash.words]
    return { from: wordIndex, as: 'w', select: [], where: { all } }
  }
  if (isOpen && type.ownNames.length > 0 && filters.every(isOfOwnTable)) {
    return { from: type.table, as: 't', select: [], where: { all: [...filters, notInTrash.own] } }
  }
  return withoutOwnTable(rows)
}

const isTrashed: Predicate = { column: 'x.trashed', is: 'ne', value: null }

/** Mostly the trash is empty: that is asked once, and then no row has to be looked up in it. */
const trash = { from: 'objects', as: 'x', where: isTrashed }
const notInTrash = { own: without('t.id'), words: without('w.rowid') }

function without(column: string): Predicate {
  return constant({ whenAny: trash, must: { not: { column, among: { ...trash, select: 'x.id' } } } })
}

/** Words of the type: an index has them all, and needs no object. */
function isOfWords(predicate: Predicate | undefined): predicate is Extract<Predicate, { readonly matches: object }> {
  return typeof predicate === 'object' && 'matches' in predicate && predicate.matches.index === wordIndex
}

function isOfOwnTable(predicate: Predicate): boolean {
  if (typeof predicate === 'boolean') return false
  if ('all' in predicate) return predicate.all.every(isOfOwnTable)
  if ('any' in predicate) return predicate.any.every(isOfOwnTable)
  if ('not' in predicate) return isOfOwnTable(predicate.not)
  // What it is given by may speak of more than the own table.
  return 'column' in predicate && predicate.column.startsWith('t.') && !('given' in predicate)
}

/** Counting needs no own table that no condition speaks of. */
function withoutOwnTable(plan: SelectPlan): SelectPlan {
  if (!plan.joins?.some((join) => join.as === 't') || JSON.stringify(plan.where).includes('"t.')) return plan
  return { ...plan, joins: plan.joins.filter((join) => join.as !== 't') }
}
