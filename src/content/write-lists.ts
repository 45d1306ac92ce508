import type { Row, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { AccessList } from './field.ts'
import { isList } from './field-kinds.ts'
import type { ObjectType } from './object-types.ts'

/** Keeps the rows by which objects are found the same as the lists that were just written: of words, and of who has access. */
export async function writeLists(
  transaction: Pick<Transaction, 'run'>,
  written: { type: Pick<ObjectType, 'fields'>; own: Row; id: number },
): Promise<void> {
  const { type, own, id } = written
  for (const [name, value] of Object.entries(own)) {
    const field = type.fields[name]
    if (field !== undefined && isList(field)) await writeWordList(transaction, { id, field: name, words: value })
    if (field?.kind !== 'accessList') continue
    await transaction.run({
      delete: 'access_entries',
      where: {
        all: [
          { column: 'object_id', is: 'eq', value: id },
          { column: 'field', is: 'eq', value: name },
        ],
      },
    })
    const list = (value ?? {}) as AccessList
    const users = (list.users ?? []).map((user) => ({ object_id: id, field: name, user_id: user, role: null }))
    const roles = (list.roles ?? []).map((role) => ({ object_id: id, field: name, user_id: null, role }))
    for (const entry of [...users, ...roles]) await transaction.run({ insert: 'access_entries', values: entry })
  }
}

async function writeWordList(
  transaction: Pick<Transaction, 'run'>,
  list: { id: number; field: string; words: unknown },
): Promise<void> {
  const { id, field, words } = list
  const mine: Predicate = {
    all: [
      { column: 'object_id', is: 'eq', value: id },
      { column: 'field', is: 'eq', value: field },
    ],
  }
  await transaction.run({ delete: 'list_entries', where: mine })
  const values = (Array.isArray(words) ? words : []).map((value) => ({ object_id: id, field, value: String(value) }))
  if (values.length > 0) await transaction.run({ insert: 'list_entries', values })
}
