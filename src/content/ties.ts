import { PosternError } from '../errors/postern-error.ts'
import type { Transaction } from '../store/port.ts'
import type { Actor } from './actor.ts'
import { found } from './find-for-change.ts'
import { visibleAmong } from './find-visible.ts'
import { sideOf } from './link-side.ts'
import { wantedLinks, type WantedLink } from './links-input.ts'
import type { ObjectType } from './object-types.ts'
import type { Input, Parts } from './parts.ts'
import { relatedTypes } from './related-types.ts'
import { relationNamed, type Relation } from './relations.ts'
import { refuseShut } from './may-place.ts'
import { placesOf } from './tree-walks.ts'
import { keepGuards } from './write-guards.ts'
import { mine, writeLinks } from './write-links.ts'
import { edge, writeChildren, writeNewChild } from './write-tree.ts'
import { isNamedValues } from './named-values.ts'

/** The places in the tree and the links that are written together with an object. Absent: not spoken of. */
export interface Ties {
  readonly parents?: readonly WantedLink[]
  readonly relations: ReadonlyMap<Relation, readonly WantedLink[]>
}

/** `parents: [ids]` and `relations: { name: [links] }`, understood. */
export function parseTies(
  given: Input,
  relations: ReadonlyMap<string, Relation>,
  by: { type: ObjectType; path: string },
): Ties {
  const { type, path } = by
  const links = new Map<Relation, readonly WantedLink[]>()
  for (const [name, value] of Object.entries(namedValues(given['relations'], path))) {
    const relation = relationNamed(relations, name, type.name)
    links.set(relation, wantedLinks(value, relation.params, `${path}.relations.${name}`))
  }
  if (given['parents'] === undefined) return { relations: links }
  const parents = wantedLinks(given['parents'], {}, `${path}.parents`)
  if (type.section && parents.length > 1)
    throw new PosternError('INVALID', `${path}.parents: a section has one parent.`, {
      errors: [{ path: `${path}.parents`, message: 'a section has one parent' }],
    })
  return { parents, relations: links }
}

interface Tying {
  readonly transaction: Transaction
  readonly parts: Parts
  readonly actor: Actor
  readonly path: string
  /** What is not named goes: the ties are all there are. */
  readonly replace?: boolean
}

/** Writes the ties of an object that its actor may change. Parents, and objects that declare a relation, must be theirs to change too. */
export async function writeTies(
  tied: { readonly type: ObjectType; readonly id: number; readonly ties: Ties },
  by: Tying,
): Promise<void> {
  const { id, ties } = tied
  if (ties.parents !== undefined) await writeParents(ties.parents, id, by)
  if (ties.parents !== undefined && tied.type.section && by.replace === true) await keepGuards(by.transaction, [id])
  for (const [relation, links] of ties.relations) {
    const { transaction, parts, actor } = by
    if (by.replace === true) await clear({ relation, id, links }, by)
    if (relation.direction === 'in')
      for (const link of links) await found(transaction, { id: link.id }, { parts, actor, right: 'update' })
    await writeLinks(links, { transaction, parts, actor, relation, id, path: `${by.path}.relations.${relation.name}` })
  }
}

async function writeParents(parents: readonly WantedLink[], id: number, by: Tying): Promise<void> {
  const { transaction, parts, actor, path } = by
  if (by.replace === true) await leaveOthers(parents, id, by)
  for (const { id: wanted, position } of parents) {
    const parent = await found(transaction, { id: wanted }, { parts, actor, right: 'update' })
    if (!parent.type.section)
      throw new PosternError('INVALID', `${path}.parents: ${parent.type.name} ${wanted} is no section.`, {
        errors: [{ path: `${path}.parents`, message: 'must be sections' }],
      })
    await refuseShut(parent.id, by)
    const child = position === undefined ? { id } : { id, position }
    const planting = { transaction, parts, actor, parent: wanted, path: `${path}.parents`, mayMove: true }
    await (by.replace === true ? writeChildren([child], planting) : writeNewChild(child, planting))
  }
}

/** The places that are not named any more; those that the actor is not told of stay. */
async function leaveOthers(
  parents: readonly WantedLink[],
  id: number,
  { transaction, parts, actor }: Tying,
): Promise<void> {
  const where = await placesOf([id], { parts, actor })
  const rows = await transaction.rows({ from: 'tree', as: 'p', select: ['p.parent'], where })
  const kept = new Set(parents.map((one) => one.id))
  const others = rows.map((row) => Number(row['parent'])).filter((one) => !kept.has(one))
  for (const parent of (await visibleAmong(others, parts.types.all, { parts, actor, reader: transaction })).keys()) {
    await found(transaction, { id: parent }, { parts, actor, right: 'update' })
    await refuseShut(parent, { transaction, parts, actor })
    await transaction.run({ delete: 'tree', where: edge(parent, id) })
  }
}

/**
 * Links that are not named any more go; from the side that does not declare them only where the other may be changed. Those
 * that the actor is not told of stay.
 */
async function clear(
  tie: { relation: Relation; id: number; links: readonly WantedLink[] },
  { transaction, parts, actor }: Tying,
): Promise<void> {
  const { relation, id, links } = tie
  const { other } = sideOf(relation)
  const rows = await transaction.rows({ from: 'links', select: [other], where: mine({ relation, id }) })
  const kept = new Set(links.map((one) => one.id))
  const unnamed = rows.map((row) => Number(row[other])).filter((one) => !kept.has(one))
  const types = relatedTypes(parts.types, relation)
  const gone = [...(await visibleAmong(unnamed, types, { parts, actor, reader: transaction })).keys()]
  if (relation.direction === 'in')
    for (const one of gone) await found(transaction, { id: one }, { parts, actor, right: 'update' })
  await transaction.run({ delete: 'links', where: { all: [mine({ relation, id }), { column: other, in: gone }] } })
  if (relation.direction !== 'both') return
  await transaction.run({
    delete: 'links',
    where: {
      all: [
        { column: 'target', is: 'eq', value: id },
        { column: 'name', is: 'eq', value: relation.key },
        { column: 'source', in: gone },
      ],
    },
  })
}

function namedValues(value: unknown, path: string): Input {
  if (value === undefined) return {}
  if (isNamedValues(value)) return value
  throw new PosternError('INVALID', `${path}.relations must name relations.`, {
    errors: [{ path: `${path}.relations`, message: 'must name relations' }],
  })
}
