import { PosternError } from '../errors/postern-error.ts'
import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { refused } from './access.ts'
import type { Actor } from './actor.ts'
import { found } from './find-for-change.ts'
import { visibleAmong } from './find-visible.ts'
import type { WantedLink } from './links-input.ts'
import { refuseForeign, refuseShut } from './may-place.ts'
import type { Parts } from './parts.ts'
import { keepGuards } from './write-guards.ts'

export interface Planting {
  readonly transaction: Transaction
  readonly parts: Parts
  readonly actor: Actor
  readonly parent: number
  readonly path: string
  /** The children are the actor's to change: that was asked before. */
  readonly mayMove?: boolean
}

/** Puts children under a parent, at the end or at a place, or gives them another place. Says how many are new there. */
export async function writeChildren(wanted: readonly WantedLink[], planting: Planting): Promise<number> {
  if (wanted.length === 0) return 0
  const { transaction, parts, parent } = planting
  const types = await reachable(wanted, planting)
  const last = await transaction.first({
    from: 'tree',
    select: [{ aggregate: 'max', column: 'position', as: 'last' }],
    where: under(parent),
  })
  let position = Number(last?.['last'] ?? 0)
  let added = 0
  for (const one of wanted) {
    const here = await placeOf(transaction, parent, one.id)
    if (here === undefined) {
      added++
      if (planting.mayMove !== true) await refuseForeign(one.id, parent, planting)
    }
    const isSection = parts.types.get(types.get(one.id))?.section === true
    if (isSection) await moveSection(one.id, planting)
    const place = one.position ?? here ?? ++position
    const values = { parent, child: one.id, position: place }
    await transaction.run({
      insert: 'tree',
      values,
      onConflict: { columns: ['parent', 'child'], update: ['position'] },
    })
    if (isSection) await keepGuards(transaction, [one.id])
  }
  return added
}

/** A child that was created in this transaction has no other place, is seen by its creator and has nothing below it. */
export async function writeNewChild(child: WantedLink, { transaction, parent }: Planting): Promise<void> {
  const last = await transaction.first({
    from: 'tree',
    select: [{ aggregate: 'max', column: 'position', as: 'last' }],
    where: under(parent),
  })
  const position = child.position ?? Number(last?.['last'] ?? 0) + 1
  await transaction.run({ insert: 'tree', values: { parent, child: child.id, position } })
}

export async function placeOf(
  reader: Pick<Transaction, 'first'>,
  parent: number,
  child: number,
): Promise<number | undefined> {
  const row = await reader.first({ from: 'tree', select: ['position'], where: edge(parent, child) })
  return row === undefined ? undefined : Number(row['position'])
}

export function edge(parent: number, child: number): Predicate {
  return { all: [under(parent), { column: 'child', is: 'eq', value: child }] }
}

export function under(parent: number): Predicate {
  return { column: 'parent', is: 'eq', value: parent }
}

/** The objects' types by id; what is not there or may not be seen is refused alike. */
async function reachable(wanted: readonly WantedLink[], planting: Planting): Promise<Map<number, string>> {
  const { parts, actor, transaction, path } = planting
  const seen = await visibleAmong(
    wanted.map((one) => one.id),
    parts.types.all,
    { parts, actor, reader: transaction },
  )
  const index = wanted.findIndex((one) => !seen.has(one.id))
  if (index < 0) return seen
  const message = 'must be the id of an existing object'
  throw new PosternError('INVALID', `${path} ${message}.`, { errors: [{ path: `${path}.${index}.id`, message }] })
}

/** A section has one parent, so it leaves the one it had, which needs the right to change that one too; never below itself. */
async function moveSection(section: number, { transaction, parts, actor, parent }: Planting): Promise<void> {
  const below = await transaction.count({
    from: 'objects',
    as: 'o',
    select: [],
    where: {
      all: [
        { column: 'o.id', is: 'eq', value: parent },
        { column: 'o.id', within: { edges: 'tree', from: 'parent', to: 'child', start: [section] } },
      ],
    },
  })
  if (section === parent || below > 0) throw new PosternError('CONFLICT', `Object ${section} cannot go below itself.`)
  const former = await transaction.rows({
    from: 'tree',
    select: ['parent'],
    where: { column: 'child', is: 'eq', value: section },
  })
  const others = former.map((row) => Number(row['parent'])).filter((one) => one !== parent)
  const seen = await visibleAmong(others, parts.types.all, { parts, actor, reader: transaction })
  // Where it lies now is not told to whoever does not see it, and it cannot lie in two places.
  if (seen.size < others.length) throw refused(actor, `moving section ${section}`)
  for (const other of others) {
    const { id } = await found(transaction, { id: other }, { parts, actor, right: 'update' })
    await refuseShut(id, { transaction, parts, actor })
    await transaction.run({ delete: 'tree', where: edge(id, section) })
  }
}
