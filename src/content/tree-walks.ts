import type { Reader } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Right } from './access.ts'
import type { Actor } from './actor.ts'
import type { Anchor } from './anchor.ts'
import { passable } from './guards.ts'
import type { Parts } from './parts.ts'
import { visibleOfTypes } from './visible.ts'

/*
 * Ways through the tree, for objects as `o`. Only through sections that let the actor through: an object that is seen
 * elsewhere is not told to lie in a place that is not.
 */

export interface Walking {
  readonly parts: Parts
  readonly actor: Actor
  /** What the way is for; absent: to read. */
  readonly right?: Right
}

/** What a section holds, in its order, where it lets the actor through. */
export async function childrenOf(parent: number, walking: Walking): Promise<Anchor> {
  const on: Predicate[] = [
    { column: 'l.child', is: 'eq', other: 'o.id' },
    { column: 'l.parent', is: 'eq', value: parent },
  ]
  return {
    join: { table: 'tree', as: 'l', on: { all: await alsoPassable(on, 'l.parent', walking) } },
    position: 'l.position',
  }
}

/** All below these, however deep. */
export async function below(starts: readonly number[], walking: Walking): Promise<Predicate> {
  if (walking.parts.types.guards.length === 0) return { column: 'o.id', within: { ...down, start: starts } }
  const inside = withAllBelow('w.parent', starts)
  const where: Predicate = { all: await alsoPassable([inside], 'w.parent', walking) }
  return { column: 'o.id', among: { from: 'tree', as: 'w', select: 'w.child', where } }
}

/** The direct children of any of these. */
export async function childrenOfAny(parents: readonly number[], walking: Walking): Promise<Predicate> {
  const where: Predicate = { all: await alsoPassable([{ column: 'x.parent', in: parents }], 'x.parent', walking) }
  return { column: 'o.id', among: { from: 'tree', as: 'x', select: 'x.child', where } }
}

/** The sections that hold the object. */
export async function parentsOf(child: number, walking: Walking): Promise<Predicate> {
  const where = await placesOf([child], walking)
  return { column: 'o.id', among: { from: 'tree', as: 'p', select: 'p.parent', where } }
}

/** All sections above the object, however high. */
export async function above(child: number, walking: Walking): Promise<Predicate> {
  const { parts } = walking
  if (parts.types.guards.length === 0) return { column: 'o.id', within: { ...up, start: [child] } }
  const where = await placesOf([child], walking)
  const rows = await parts.read.rows({ from: 'tree', as: 'p', select: ['p.parent'], where })
  const parents = rows.map((row) => Number(row['parent']))
  return { column: 'o.id', within: { ...up, start: parents, own } }
}

/** These and all below them, whoever may see them. */
export function withAllBelow(column: string, starts: readonly number[]): Predicate {
  return { column, within: { ...down, start: starts, own } }
}

/** The parent whose other children are the object's siblings: of those that the actor may see the first. */
export async function firstParent(child: number, walking: Walking): Promise<number | undefined> {
  const { parts, actor } = walking
  const sections = parts.types.all.filter((type) => type.section)
  const seen = await visibleOfTypes(sections, { parts, actor, right: 'read', elsewhere: true })
  const first = await parts.read.first({
    from: 'objects',
    as: 'o',
    select: ['o.id'],
    where: { all: [await parentsOf(child, walking), seen] },
    order: [{ column: 'o.id' }],
  })
  return first === undefined ? undefined : Number(first['id'])
}

/** Whether the actor is let through this section. */
export async function isPassable(
  section: number,
  looking: Walking & { reader: Pick<Reader, 'first'> },
): Promise<boolean> {
  if (looking.parts.types.guards.length === 0) return true
  const id: Predicate = { column: 'o.id', is: 'eq', value: section }
  const where: Predicate = { all: await alsoPassable([id], 'o.id', looking) }
  return (await looking.reader.first({ from: 'objects', as: 'o', select: ['o.id'], where })) !== undefined
}

/** The objects' places that the actor may be told of: rows of `tree` as `p`. */
export async function placesOf(children: readonly number[], walking: Walking): Promise<Predicate> {
  return { all: await alsoPassable([{ column: 'p.child', in: children }], 'p.parent', walking) }
}

async function alsoPassable(
  given: readonly Predicate[],
  section: string,
  { parts, actor, right = 'read' }: Walking,
): Promise<readonly Predicate[]> {
  if (parts.types.guards.length === 0) return given
  return [...given, await passable(section, { parts, actor, right })]
}

const down = { edges: 'tree', from: 'parent', to: 'child' } as const
const own = { table: 'objects', column: 'id' }
const up = { edges: 'tree', from: 'child', to: 'parent' } as const
