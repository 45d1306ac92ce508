import type { Page } from '../../endpoint/content.ts'
import type { Actor } from '../actor.ts'
import { list } from '../list.ts'
import type { Input, Parts } from '../parts.ts'
import { queryOf } from '../query/query-of.ts'

/** `{ type?, query? }`: a page of what lies in the trash and the actor might have put there. */
export async function listTrash(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const types = input['type'] === undefined ? parts.types.all : [parts.types.named(input['type'])]
  return list({ types, trashed: true, name: 'trash' }, queryOf(input), { parts, actor })
}
