import { PosternError } from '../errors/postern-error.ts'
import type { Row, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { ObjectType } from './object-types.ts'

/**
 * Refuses (CONFLICT) values that others hold before the object itself is written: a database whose ids are not given back
 * when a transaction is undone would otherwise leave a gap that another does not. The index stays the last word.
 */
export async function checkUnique(
  transaction: Pick<Transaction, 'first'>,
  { type, own, path }: { readonly type: ObjectType; readonly own: Row; readonly path: string },
): Promise<void> {
  for (const name of type.uniqueNames) {
    const value = own[name]
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue
    const where: Predicate = { column: name, is: 'eq', value }
    if ((await transaction.first({ from: type.table, select: ['id'], where })) === undefined) continue
    throw taken(name, path)
  }
}

/** Of several objects it is said which one. */
export function taken(name: string, path: string): PosternError {
  const place = path === 'body' ? name : `${path}.${name}`
  return new PosternError('CONFLICT', `Already taken: ${name}`, {
    errors: [{ path: place, message: 'is already taken' }],
  })
}
