import { following, type Awaitable } from '../errors/awaitable.ts'
import type { Condition } from '../schema/condition.ts'
import type { Predicate } from '../store/predicate.ts'
import { constant } from '../store/shape.ts'
import { condition, type Right } from './access.ts'
import type { Actor } from './actor.ts'
import { reached } from './guards.ts'
import { lower, type Scope } from './lower.ts'
import { leads } from './leads.ts'
import type { ObjectType } from './object-types.ts'
import type { Parts } from './parts.ts'
import { second } from './second.ts'

export interface Viewing {
  readonly parts: Parts
  readonly actor: Actor
  readonly right: Right
  /** Looks in the trash instead. */
  readonly trashed?: boolean
  /** Something else narrows the list, or gives its order: the type itself is only compared. */
  readonly elsewhere?: boolean
}

/** Objects of one type, on which the actor has the right, joined to their own table as `t`. Trash is not among them unless it is asked for. */
export function visibleOfType(type: ObjectType, viewing: Viewing): Awaitable<Visible> {
  const { parts, actor, right } = viewing
  return following(condition(type, right, { actor, decide: parts.decide }), (may) => {
    const where = may === true ? wholeType(type, viewing) : partOf(type, may, viewing)
    const own = { condition: may, where, isGuarded: false }
    return hasGuards(viewing) ? belowGuards(own, viewing) : own
  })
}

interface Visible {
  /** What the type's own rule comes to. */
  readonly condition: Condition
  readonly where: Predicate
  /** Rules of sections narrow it further. */
  readonly isGuarded: boolean
}

async function belowGuards(own: Visible, viewing: Viewing): Promise<Visible> {
  const above = await reached(viewing)
  return above === undefined ? own : { ...own, where: { all: [own.where, above] }, isGuarded: true }
}

/** Every object of the type: the commonest of all wheres, made once (bench: read one). */
function wholeType(type: ObjectType, viewing: Viewing): Predicate {
  const { elsewhere = false, trashed = false } = viewing
  const key = `${type.name} ${elsewhere} ${trashed}`
  const known = wholeTypes.get(key)
  if (known !== undefined) return known
  const where: Predicate = constant({ all: [ofType(type, elsewhere), placeOf(viewing)] })
  wholeTypes.set(key, where)
  return where
}

const wholeTypes = new Map<string, Predicate>()

function partOf(type: ObjectType, may: Condition, viewing: Viewing): Predicate {
  const own = lower(may, viewed(type, true, viewing.parts))
  const elsewhere = viewing.elsewhere === true || leads(own, type)
  return { all: [ofType(type, elsewhere), placeOf({ ...viewing, elsewhere }), own] }
}

/**
 * The same over several types, on `o` alone. Types whose rule is missing or never holds are left out without a word; `false`
 * where that is all of them.
 */
export async function visibleOfTypes(types: readonly ObjectType[], viewing: Viewing): Promise<Predicate> {
  const { parts, elsewhere = false } = viewing
  const open: string[] = []
  const partly: Predicate[] = []
  for (const { type, may } of await allowed(types, viewing)) {
    if (may === true) open.push(type.name)
    else partly.push({ all: [ofType(type, elsewhere), lower(may, viewed(type, false, parts))] })
  }
  if (open.length === 0 && partly.length === 0) return false
  const own: Predicate[] = [
    placeOf(viewing),
    { any: [{ column: 'o.object_type', in: open, unindexed: elsewhere }, ...partly] },
  ]
  const above = hasGuards(viewing) ? await reached(viewing) : undefined
  return { all: above === undefined ? own : [...own, above] }
}

/**
 * The same, type by type: each in words that one index of its own answers. Empty where nothing of any type may be seen.
 */
export async function visibleOfEach(types: readonly ObjectType[], viewing: Viewing): Promise<readonly Predicate[]> {
  const above = hasGuards(viewing) ? await reached(viewing) : undefined
  return (await allowed(types, viewing)).map(({ type, may }) => {
    const own = may === true ? [] : [lower(may, viewed(type, false, viewing.parts))]
    return { all: [ofType(type), placeOf(viewing), ...own, ...(above === undefined ? [] : [above])] }
  })
}

interface Allowed {
  readonly type: ObjectType
  readonly may: Condition
}

/** The types of which the actor may have the right on some object, and on which. */
async function allowed(types: readonly ObjectType[], { parts, actor, right }: Viewing): Promise<readonly Allowed[]> {
  const some: Allowed[] = []
  for (const type of types) {
    if (actor.system === undefined && type.rules[right] === undefined) continue
    const may = await condition(type, right, { actor, decide: parts.decide })
    if (may !== false) some.push({ type, may })
  }
  return some
}

/** Most sites have no rules for what lies below a section, and do not even wait to hear it. */
function hasGuards({ parts }: Viewing): boolean {
  return parts.types.guards.length > 0
}

/** The moment is only asked for by rules that speak of it (bench: read one). */
function viewed(type: ObjectType, joined: boolean, parts: Parts): Scope {
  return {
    type,
    joined,
    get now() {
      return second(parts)
    },
  }
}

/** Beside the type it is part of the type's indexes; alone it would lead through everything that is not in the trash. */
function placeOf({ trashed, elsewhere = false }: Viewing): Predicate {
  if (trashed === true) return elsewhere ? inTrash : { column: 'o.trashed', is: 'ne', value: null }
  return { column: 'o.trashed', is: 'eq', value: null, unindexed: elsewhere }
}

/** Asked for as a set of ids, so that nobody goes through all that is not there. */
const inTrash: Predicate = constant<Predicate & object>({
  column: 'o.id',
  among: { from: 'objects', as: 'd', select: 'd.id', where: { column: 'd.trashed', is: 'gt', value: '' } },
})

export function ofType(type: ObjectType, elsewhere = false): Predicate {
  return { column: 'o.object_type', is: 'eq', value: type.name, unindexed: elsewhere }
}
