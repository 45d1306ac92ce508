import type { Actor } from '../actor.ts'
import { aroundChange } from '../around.ts'
import { found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'
import { writeOutbox } from '../write-outbox.ts'

/** `{ type?, id, version? }`: into the trash, from where it can be restored. */
export async function trashObject(parts: Parts, input: Input, actor: Actor): Promise<void> {
  const change = { operation: 'objects.trash', input, actor, right: 'delete', fields: {} } as const
  await aroundChange(parts, change, () =>
    parts.write.transaction(async (transaction) => {
      const { id, type, version } = await found(transaction, input, { parts, actor, right: 'delete' })
      const now = parts.now()
      const set = { trashed: now, modified: now }
      await transaction.run({
        update: 'objects',
        set,
        add: { version: 1 },
        where: { column: 'id', is: 'eq', value: id },
      })
      await writeOutbox(
        transaction,
        { operation: change.operation, type: type.name, id, version: version + 1 },
        { actor, now },
      )
    }),
  )
}
