import type { StoredObject } from '../endpoint/content.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Reader, Row } from '../store/port.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import { withoutWithheld } from './seen-types.ts'

/** Rows that were selected with their id and type, as the objects they are. */
export function storedRows(rows: Row[]): StoredObject[] {
  return rows as StoredObject[]
}

export function storedRow(row: Row): StoredObject {
  return row as StoredObject
}

/** Reads an object inside a transaction, rules on rows aside: for answering what was just written, as the type is seen. */
export async function stored(reader: Pick<Reader, 'first'>, type: ObjectType, id: number): Promise<StoredObject> {
  const row = await reader.first({
    from: 'objects',
    as: 'o',
    ...(type.ownNames.length === 0 ? {} : { joins: [ownTable(type)] }),
    select: type.selectAll,
    where: { column: 'o.id', is: 'eq', value: id },
  })
  if (row === undefined) throw new PosternError('NOT_FOUND', `There is no object ${id}.`)
  withoutWithheld([row], type)
  return storedRow(row)
}
