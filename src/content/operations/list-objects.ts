import type { Page } from '../../endpoint/content.ts'
import type { Actor } from '../actor.ts'
import { list } from '../list.ts'
import type { Input, Parts } from '../parts.ts'
import { queryOf } from '../query/query-of.ts'

/** `{ type?, query? }`: a page of objects of one type (by name or plural) or of all. */
export async function listObjects(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const types = input['type'] === undefined ? parts.types.all : [parts.types.named(input['type'])]
  return list({ types }, queryOf(input), { parts, actor })
}
