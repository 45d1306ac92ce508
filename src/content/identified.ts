import type { Predicate } from '../store/predicate.ts'

/** The row by its id or slug. Ids are plain decimal numbers, as they are answered; everything else is a slug. */
export function identified(id: unknown): Predicate {
  const number = typeof id === 'string' && /^[1-9]\d{0,15}$/.test(id) ? Number(id) : id
  if (typeof number === 'number') {
    return Number.isSafeInteger(number) && number > 0 ? { column: 'o.id', is: 'eq', value: number } : false
  }
  const isText = typeof number === 'string' && number.isWellFormed() && !number.includes('\0')
  return isText ? { column: 'o.slug', is: 'eq', value: number } : false
}
