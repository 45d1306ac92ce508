import type { Row, Transaction } from '../store/port.ts'
import type { AccessList } from './field.ts'
import type { ObjectType } from './object-types.ts'

/** Keeps the rows by which `allow.listed` finds objects the same as the access lists that were just written. */
export async function writeAccessLists(
  transaction: Transaction,
  written: { type: ObjectType; own: Row; id: number },
): Promise<void> {
  const { type, own, id } = written
  for (const [name, value] of Object.entries(own)) {
    if (type.fields[name]?.kind !== 'accessList') continue
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
