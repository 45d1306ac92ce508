import { PosternError } from '../../errors/postern-error.ts'
import type { Actor } from '../actor.ts'
import { found } from '../find-for-change.ts'
import type { Input, Parts } from '../parts.ts'
import { forgetWords } from '../word-index.ts'

/** `{ type?, id, version? }`: for good, from its place or from the trash. Its id is never given again. */
export async function purgeObject(parts: Parts, input: Input, actor: Actor): Promise<void> {
  await parts.write.transaction(async (transaction) => {
    const { id } = await found(transaction, input, { parts, actor, right: 'delete' }).catch((thrown: unknown) => {
      if (!(thrown instanceof PosternError) || thrown.code !== 'NOT_FOUND') throw thrown
      return found(transaction, input, { parts, actor, right: 'delete', trashed: true })
    })
    await forgetWords(transaction, id)
    await transaction.run({ delete: 'objects', where: { column: 'id', is: 'eq', value: id } })
  })
}
