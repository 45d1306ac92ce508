import { PosternError } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import type { ObjectType } from '../object-types.ts'
import { sharedNames } from '../shared-fields.ts'
import { badValue } from './filter-terms.ts'

/** `fields=title,name`: which fields are answered; the id and the type always are. Absent: all that are not private. */
export function selectedNames(text: unknown, type: ObjectType | undefined): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined
  if (typeof text !== 'string') throw badValue('fields', 'must be text')
  const names = type?.publicNames ?? sharedNames
  const wanted = new Set(['id', 'object_type', ...text.split(',')])
  for (const name of wanted) if (!names.includes(name)) throw unknown(name, names)
  return names.filter((name) => wanted.has(name))
}

function unknown(name: string, names: readonly string[]): PosternError {
  const near = nearest(name, names)
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  const detail = `There is no field ${JSON.stringify(name.slice(0, 100))}.${guess}`
  return new PosternError('BAD_QUERY_VALUE', detail, { errors: [{ path: 'query.fields', message: 'unknown field' }] })
}
