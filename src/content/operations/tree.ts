import type { Page } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Transaction } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { found } from '../find-for-change.ts'
import { findVisible, missing, type Seen } from '../find-visible.ts'
import { positionOf, wantedLinks } from '../links-input.ts'
import { list, type Subject } from '../list.ts'
import type { Input, Parts } from '../parts.ts'
import { queryOf } from '../query/query-of.ts'
import { writeOutbox } from '../write-outbox.ts'
import { edge, placeOf, under, writeChildren } from '../write-tree.ts'

export const branches = ['children', 'contents', 'sections', 'descendants', 'siblings', 'parents', 'ancestors'] as const
export type Branch = (typeof branches)[number]

/** `{ type?, id, branch, query? }`: the objects around one in the tree; `type` is that of the object itself. */
export async function listBranch(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const branch = branches.find((one) => one === input['branch'])
  if (branch === undefined) throw new PosternError('NOT_FOUND', 'There is no such branch of the tree.')
  const seen = await findVisible(input, { parts, actor })
  const subject = await subjects[branch](seen, parts)
  return list({ ...subject, name: `${branch} ${seen.id}` }, queryOf(input), { parts, actor })
}

/** `{ id, child }`: the child's place among the children. */
export async function readPlace(parts: Parts, input: Input, actor: Actor): Promise<{ position: number }> {
  const parent = await findVisible(input, { parts, actor })
  const child = await findVisible({ id: input['child'] }, { parts, actor })
  const position = await placeOf(parts.read, parent.id, child.id)
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

/** `{ id, child, position, move_siblings? }`: another place; with `move_siblings` those in between make room. */
export async function moveChild(parts: Parts, input: Input, actor: Actor): Promise<{ position: number }> {
  const { position } = positionOf(input['position'], 'body')
  if (position === undefined)
    throw new PosternError('INVALID', 'body.position is required.', {
      errors: [{ path: 'body.position', message: 'is required' }],
    })
  return parts.write.transaction(async (transaction) => {
    const parent = await sectionToChange(transaction, input, { parts, actor, operation: 'tree.move' })
    const { id: child } = await findVisible({ id: input['child'] }, { parts, actor, reader: transaction })
    const former = await placeOf(transaction, parent, child)
    if (former === undefined) throw missing(input['child'])
    if (input['move_siblings'] === true) await makeRoom(transaction, { parent, from: former, to: position })
    await transaction.run({ update: 'tree', set: { position }, where: edge(parent, child) })
    return { position }
  })
}

/** `{ id, child }`: takes a child from here; the object stays, and so do its other places. */
export async function removeChild(parts: Parts, input: Input, actor: Actor): Promise<void> {
  await parts.write.transaction(async (transaction) => {
    const parent = await sectionToChange(transaction, input, { parts, actor, operation: 'tree.remove' })
    const { id: child } = await findVisible({ id: input['child'] }, { parts, actor, reader: transaction })
    const { count } = await transaction.run({ delete: 'tree', where: edge(parent, child) })
    if (count === 0) throw missing(input['child'])
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

const subjects: Record<Branch, (seen: Seen, parts: Parts) => Subject | Promise<Subject>> = {
  children: ({ id }, { types }) => ({ types: types.all, anchor: childrenOf(id) }),
  contents: ({ id }, { types }) => ({ types: types.all.filter((type) => !type.section), anchor: childrenOf(id) }),
  sections: ({ id }, { types }) => ({ types: types.all.filter((type) => type.section), anchor: childrenOf(id) }),
  descendants: ({ id }, { types }) => ({
    types: types.all,
    where: { column: 'o.id', within: { edges: 'tree', from: 'parent', to: 'child', start: [id] } },
  }),
  siblings: async ({ id }, { types, read }) => {
    const first = await read.first({
      from: 'tree',
      select: ['parent'],
      where: { column: 'child', is: 'eq', value: id },
      order: [{ column: 'parent' }],
    })
    const others: Predicate = { column: 'o.id', is: 'ne', value: id }
    return { types: types.all, anchor: childrenOf(Number(first?.['parent'] ?? 0)), where: others }
  },
  parents: ({ id }, { types }) => ({
    types: types.all,
    where: {
      column: 'o.id',
      among: { from: 'tree', as: 'p', select: 'p.parent', where: { column: 'p.child', is: 'eq', value: id } },
    },
  }),
  ancestors: ({ id }, { types }) => ({
    types: types.all,
    where: { column: 'o.id', within: { edges: 'tree', from: 'child', to: 'parent', start: [id] } },
  }),
}

function childrenOf(parent: number): NonNullable<Subject['anchor']> {
  const on: Predicate = {
    all: [
      { column: 'l.child', is: 'eq', other: 'o.id' },
      { column: 'l.parent', is: 'eq', value: parent },
    ],
  }
  return { join: { table: 'tree', as: 'l', on }, position: 'l.position' }
}
