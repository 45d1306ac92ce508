import { PosternError } from '../errors/postern-error.ts'
import type { Row, Transaction } from '../store/port.ts'
import type { Actor } from './actor.ts'
import type { ObjectType } from './object-types.ts'
import type { Parts } from './parts.ts'
import { visibleOfTypes } from './visible.ts'

/** Refuses (INVALID) a reference to what is not there, is of another type, or may not be seen: all three read alike. */
export async function checkReferences(
  transaction: Transaction,
  written: { type: ObjectType; own: Row; path: string },
  { parts, actor }: { parts: Parts; actor: Actor },
): Promise<void> {
  for (const [name, value] of Object.entries(written.own)) {
    const field = written.type.fields[name]
    if (field?.kind !== 'reference' || typeof value !== 'number') continue
    const names = [field.to ?? []].flat()
    const types = names.map((one) => parts.types.named(one))
    const where = await visibleOfTypes(types, { parts, actor, right: 'read', elsewhere: true })
    const found = await transaction.first({
      from: 'objects',
      as: 'o',
      select: ['o.id'],
      where: { all: [{ column: 'o.id', is: 'eq', value }, where] },
    })
    if (found !== undefined) continue
    const message = `must be the id of an existing ${names.join(' or ')}`
    throw new PosternError('INVALID', `${written.path}.${name} ${message}.`, {
      errors: [{ path: `${written.path}.${name}`, message }],
    })
  }
}
