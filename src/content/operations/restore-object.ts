import type { StoredObject } from '../../endpoint/content.ts'
import type { Actor } from '../actor.ts'
import { found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'
import { stored } from './read-object.ts'

/** `{ type?, id }`: out of the trash again, for those who might have put it there. */
export async function restoreObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject> {
  return parts.write.transaction(async (transaction) => {
    const { id, type } = await found(transaction, input, { parts, actor, right: 'delete', trashed: true })
    const set = { trashed: null, modified: parts.now() }
    await transaction.run({ update: 'objects', set, add: { version: 1 }, where: { column: 'id', is: 'eq', value: id } })
    return stored(transaction, type, id)
  })
}
