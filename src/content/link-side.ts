import type { Anchor } from './anchor.ts'
import type { Relation } from './relations.ts'

/** Which column of a link is this side, which the other, and which holds this side's order. */
export interface LinkSide {
  readonly own: 'source' | 'target'
  readonly other: 'source' | 'target'
  readonly position: 'position' | 'inverse_position'
}

export function sideOf(relation: Relation): LinkSide {
  if (relation.direction === 'in') return { own: 'target', other: 'source', position: 'inverse_position' }
  return { own: 'source', other: 'target', position: 'position' }
}

/** The objects that this one is related to, in this side's order. */
export function anchorOf(relation: Relation, id: number): Anchor {
  const { own, other, position } = sideOf(relation)
  return {
    join: {
      table: 'links',
      as: 'l',
      on: {
        all: [
          { column: `l.${other}`, is: 'eq', other: 'o.id' },
          { column: `l.${own}`, is: 'eq', value: id },
          { column: 'l.name', is: 'eq', value: relation.key },
        ],
      },
    },
    position: `l.${position}`,
    params: 'l.params',
  }
}
