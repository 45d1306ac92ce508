import type { StoredObject } from '../../endpoint/content.ts'
import type { Actor } from '../actor.ts'
import { aroundChange } from '../around.ts'
import { found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'
import { stored } from '../stored.ts'
import { writeOutbox } from '../write-outbox.ts'

/** `{ type?, id }`: out of the trash again, for those who might have put it there and may read it. */
export async function restoreObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject> {
  const asked = { actor, right: 'delete', trashed: true, answered: true } as const
  const change = { operation: 'objects.restore', input, ...asked, fields: {} }
  return aroundChange(parts, change, () =>
    parts.write.transaction(async (transaction) => {
      const { id, type, version } = await found(transaction, input, { parts, ...asked })
      const now = parts.now()
      const where = { column: 'id', is: 'eq', value: id } as const
      await transaction.run({ update: 'objects', set: { trashed: null, modified: now }, add: { version: 1 }, where })
      await writeOutbox(
        transaction,
        { operation: change.operation, type: type.name, id, version: version + 1 },
        { actor, now },
      )
      return stored(transaction, type, id)
    }),
  )
}
