import { PosternError } from '../../errors/postern-error.ts'
import type { Transaction } from '../../store/port.ts'
import type { Actor } from '../actor.ts'
import { aroundChange } from '../around.ts'
import { found, type Found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'
import { forgetWords } from '../word-index.ts'
import { refuseUncovering } from '../write-guards.ts'
import { writeOutbox } from '../write-outbox.ts'

/** `{ type?, id, version?, trashed? }`: for good, from its place or from the trash, or with `trashed` only from there. Its id is never given again. */
export async function purgeObject(parts: Parts, input: Input, actor: Actor): Promise<void> {
  const trashed = input['trashed'] === true || (await isTrashed(parts.read, input, { parts, actor }))
  const change = { operation: 'objects.purge', input, actor, right: 'delete', trashed, fields: {} } as const
  await aroundChange(parts, change, () =>
    parts.write.transaction(async (transaction) => {
      const { id, type } = await findAnywhere(transaction, input, { parts, actor })
      if (type.section) await refuseUncovering(transaction, id)
      await forgetWords(transaction, id)
      await transaction.run({ delete: 'objects', where: { column: 'id', is: 'eq', value: id } })
      await writeOutbox(transaction, { operation: change.operation, type: type.name, id }, { actor, now: parts.now() })
    }),
  )
}

interface By {
  readonly parts: Parts
  readonly actor: Actor
}

async function findAnywhere(transaction: Transaction, input: Input, by: By): Promise<Found> {
  const trashed = input['trashed'] === true || (await isTrashed(transaction, input, by))
  return found(transaction, input, { ...by, right: 'delete', trashed })
}

/** Whether the object is to be looked for in the trash: it is not in its place. */
async function isTrashed(reader: Pick<Transaction, 'first'>, input: Input, by: By): Promise<boolean> {
  try {
    await found({ first: reader.first }, input, { ...by, right: 'delete' })
    return false
  } catch (thrown) {
    if (thrown instanceof PosternError && thrown.code === 'NOT_FOUND') return true
    throw thrown
  }
}
