import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { refused } from './access.ts'
import type { Actor } from './actor.ts'
import { found } from './find-for-change.ts'
import { isBound } from './guards.ts'
import type { Parts } from './parts.ts'
import { isPassable } from './tree-walks.ts'

export interface Placing {
  readonly transaction: Transaction
  readonly parts: Parts
  readonly actor: Actor
}

/** Refuses whom a section, or one above it, does not let change what lies below. That the section itself may be changed is asked before. */
export async function refuseShut(section: number, { transaction, parts, actor }: Placing): Promise<void> {
  if (await isPassable(section, { parts, actor, right: 'update', reader: transaction })) return
  throw refused(actor, 'to change what lies below this section')
}

/**
 * A place more or less changes who sees an object, where rules of sections are involved: the object itself must then be the
 * actor's to change, and not only the section.
 */
export async function refuseForeign(child: number, parent: number, placing: Placing): Promise<void> {
  const { transaction, parts, actor } = placing
  if (parts.types.guards.length === 0 || !isBound(actor)) return
  const places: Predicate = { column: 'p.child', is: 'eq', value: child }
  const isGuarded = await transaction.first({
    from: 'tree_guards',
    as: 'x',
    select: ['x.section'],
    where: {
      any: [
        { column: 'x.section', is: 'eq', value: parent },
        { column: 'x.section', among: { from: 'tree', as: 'p', select: 'p.parent', where: places } },
      ],
    },
  })
  if (isGuarded !== undefined) await found(transaction, { id: child }, { parts, actor, right: 'update' })
}
