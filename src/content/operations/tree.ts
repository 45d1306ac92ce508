import type { Page } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Transaction } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { found } from '../find-for-change.ts'
import { findVisible, missing, type Seen } from '../find-visible.ts'
import { positionOf, wantedLinks } from '../links-input.ts'
import { list, type Subject } from '../list.ts'
import { refuseForeign, refuseShut } from '../may-place.ts'
import type { Input, Parts } from '../parts.ts'
import { queryOf } from '../query/query-of.ts'
import { keepGuards } from '../write-guards.ts'
import { writeOutbox } from '../write-outbox.ts'
import { above, below, childrenOf, firstParent, isPassable, parentsOf, type Walking } from '../tree-walks.ts'
import { edge, placeOf, under, writeChildren } from '../write-tree.ts'

export const branches = ['children', 'contents', 'sections', 'descendants', 'siblings', 'parents', 'ancestors'] as const
export type Branch = (typeof branches)[number]

/** `{ type?, id, branch, query? }`: the objects around one in the tree; `type` is that of the object itself. */
export async function listBranch(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const branch = branches.find((one) => one === input['branch'])
  if (branch === undefined) throw new PosternError('NOT_FOUND', 'There is no such branch of the tree.')
  const seen = await findVisible(input, { parts, actor })
  const subject = await subjects[branch](seen, { parts, actor })
  return list({ ...subject, name: `${branch} ${seen.id}` }, queryOf(input), { parts, actor })
}

/** `{ id, child }`: the child's place among the children. */
export async function readPlace(parts: Parts, input: Input, actor: Actor): Promise<{ position: number }> {
  const parent = await findVisible(input, { parts, actor })
  const child = await findVisible({ id: input['child'] }, { parts, actor })
  const isOpen = await isPassable(parent.id, { parts, actor, reader: parts.read })
  const position = isOpen ? await placeOf(parts.read, parent.id, child.id) : undefined
  if (position === undefined) throw missing(input['child'])
  return { position }
}

/** `{ id, items }`: puts children at the end or at their positions; `added` are those that were not there before. */
export async function addChildren(
  parts: Parts,
  input: Input,
  actor: Actor,
): Promise<{ added: number; items: unknown }> {
  const items = wantedLinks(input['items'], {}, 'body')
  return parts.write.transaction(async (transaction) => {
    const parent = await sectionToChange(transaction, input, { parts, actor, operation: 'tree.add' })
    const added = await writeChildren(items, { transaction, parts, actor, parent, path: 'body' })
    const placed = await Promise.all(
      items.map(async ({ id }) => ({ id, position: await placeOf(transaction, parent, id) })),
    )
    return { added, items: placed }
  })
}

/** `{ id, child, position, move_siblings?, version? }`: another place; with `move_siblings` those in between make room. */
export async function moveChild(parts: Parts, input: Input, actor: Actor): Promise<{ position: number }> {
  const { position } = positionOf(input['position'], 'body')
  if (position === undefined)
    throw new PosternError('INVALID', 'body.position is required.', {
      errors: [{ path: 'body.position', message: 'is required' }],
    })
  const moving = input['move_siblings'] ?? false
  if (typeof moving !== 'boolean')
    throw new PosternError('INVALID', 'body.move_siblings must be true or false.', {
      errors: [{ path: 'body.move_siblings', message: 'must be true or false' }],
    })
  return parts.write.transaction(async (transaction) => {
    const parent = await sectionToChange(transaction, input, { parts, actor, operation: 'tree.move' })
    const { id: child } = await findVisible({ id: input['child'] }, { parts, actor, reader: transaction })
    const former = await placeOf(transaction, parent, child)
    if (former === undefined) throw missing(input['child'])
    if (moving) await makeRoom(transaction, { parent, from: former, to: position })
    await transaction.run({ update: 'tree', set: { position }, where: edge(parent, child) })
    return { position }
  })
}

/** `{ id, child }`: takes a child from here; the object stays, and so do its other places. */
export async function removeChild(parts: Parts, input: Input, actor: Actor): Promise<void> {
  await parts.write.transaction(async (transaction) => {
    const parent = await sectionToChange(transaction, input, { parts, actor, operation: 'tree.remove' })
    const { id: child, type } = await findVisible({ id: input['child'] }, { parts, actor, reader: transaction })
    await refuseForeign(child, parent, { transaction, parts, actor })
    const { count } = await transaction.run({ delete: 'tree', where: edge(parent, child) })
    if (count === 0) throw missing(input['child'])
    if (type.section) await keepGuards(transaction, [child])
  })
}

/** The section whose children the actor may change; that they change is told in the same transaction. */
async function sectionToChange(
  transaction: Transaction,
  input: Input,
  by: { parts: Parts; actor: Actor; operation: string },
): Promise<number> {
  const { parts, actor, operation } = by
  const { id, type, version } = await found(transaction, input, { parts, actor, right: 'update' })
  if (!type.section) throw new PosternError('BAD_REQUEST', `${type.name} ${id} is no section and holds no children.`)
  await refuseShut(id, { transaction, parts, actor })
  await writeOutbox(transaction, { operation, type: type.name, id, version }, { actor, now: parts.now() })
  return id
}

async function makeRoom(transaction: Transaction, move: { parent: number; from: number; to: number }): Promise<void> {
  const isUp = move.to < move.from
  const between: Predicate = {
    all: [
      under(move.parent),
      { column: 'position', is: 'gte', value: isUp ? move.to : move.from + 1 },
      { column: 'position', is: 'lte', value: isUp ? move.from - 1 : move.to },
    ],
  }
  await transaction.run({ update: 'tree', add: { position: isUp ? 1 : -1 }, where: between })
}

const subjects: Record<Branch, (seen: Seen, walking: Walking) => Promise<Subject>> = {
  children: async ({ id }, walking) => ({ types: walking.parts.types.all, anchor: await childrenOf(id, walking) }),
  contents: async ({ id }, walking) => ({
    types: walking.parts.types.all.filter((type) => !type.section),
    anchor: await childrenOf(id, walking),
  }),
  sections: async ({ id }, walking) => ({
    types: walking.parts.types.all.filter((type) => type.section),
    anchor: await childrenOf(id, walking),
  }),
  descendants: async ({ id }, walking) => ({ types: walking.parts.types.all, where: await below([id], walking) }),
  siblings: async ({ id }, walking) => {
    const others: Predicate = { column: 'o.id', is: 'ne', value: id }
    const anchor = await childrenOf((await firstParent(id, walking)) ?? 0, walking)
    return { types: walking.parts.types.all, anchor, where: others }
  },
  parents: async ({ id }, walking) => ({ types: walking.parts.types.all, where: await parentsOf(id, walking) }),
  ancestors: async ({ id }, walking) => ({ types: walking.parts.types.all, where: await above(id, walking) }),
}
