import type { Actor } from '../actor.ts'
import { found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'

/** `{ type?, id, version? }`: into the trash, from where it can be restored. */
export async function trashObject(parts: Parts, input: Input, actor: Actor): Promise<void> {
  await parts.write.transaction(async (transaction) => {
    const { id } = await found(transaction, input, { parts, actor, right: 'delete' })
    const now = parts.now()
    await transaction.run({
      update: 'objects',
      set: { trashed: now, modified: now },
      add: { version: 1 },
      where: { column: 'id', is: 'eq', value: id },
    })
  })
}
