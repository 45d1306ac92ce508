import type { TypeData } from '../content/define-type.ts'
import { callerKind, rolesIn, type RoleTree } from './access-matrix.ts'
import { gained } from './gained.ts'
import { rowOutlook, type Outlook } from './outlook.ts'

/** Whom sections of a type let through to what lies below them, of those whom the objects' own rules let pass. */
export interface BelowRow {
  readonly type: string
  readonly right: BelowRight
  /** In the order of the matrix's callers. `owner`: who owns the section. */
  readonly access: readonly Outlook[]
}

export type BelowRight = 'read' | 'update' | 'delete'

export type BelowTypes = readonly Pick<TypeData, 'name' | 'below'>[]

/** The roles that rules for what lies below sections name. */
export function rolesBelow(types: BelowTypes): readonly string[] {
  return types.flatMap(({ below = {} }) => rights.flatMap((right) => rolesIn(below[right])))
}

/** Sorted, so that the table can be kept in git and compared. */
export function belowAccess(types: BelowTypes, roles: RoleTree, callers: readonly string[]): readonly BelowRow[] {
  const rows = types.flatMap(({ name: type, below = {} }) =>
    rights.flatMap((right): BelowRow[] => {
      const rule = below[right]
      if (rule === undefined) return []
      return [{ type, right, access: callers.map((caller) => rowOutlook(rule, callerKind(caller, roles))) }]
    }),
  )
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

export interface KnownBelow {
  readonly callers: readonly string[]
  readonly below?: readonly BelowRow[]
}

/** What became more open below sections; a rule that is gone, with its type or without, holds nobody back any more. */
export function openedBelow(before: KnownBelow, now: KnownBelow): readonly string[] {
  return (before.below ?? []).flatMap((row) => {
    const found = now.below?.find((one) => keyOf(one) === keyOf(row))
    const is = { callers: now.callers, access: found?.access ?? now.callers.map(() => 'yes' as const) }
    const was = { callers: before.callers, access: row.access }
    return gained(was, is).map((gain) => `${row.right} below ${row.type}: ${gain}`)
  })
}

function keyOf({ type, right }: Pick<BelowRow, 'type' | 'right'>): string {
  return `${type} ${right}`
}

const rights = ['read', 'update', 'delete'] as const
