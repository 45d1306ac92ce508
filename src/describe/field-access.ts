import type { Field } from '../content/field.ts'
import type { TypeData } from '../content/define-type.ts'
import type { Rule } from '../endpoint/rule.ts'
import { callerKind, rolesIn, type RoleTree } from './access-matrix.ts'
import { gained } from './gained.ts'
import { rowOutlook, type Outlook } from './outlook.ts'

/** Who can read or write a field, of those who can read or write its object at all. */
export interface FieldRow {
  readonly type: string
  readonly field: string
  readonly right: FieldRight
  /** In the order of the matrix's callers. */
  readonly access: readonly Outlook[]
}

export type FieldRight = 'read' | 'write'

export type FieldTypes = readonly Pick<TypeData, 'name' | 'fields'>[]

/** The roles that rules on fields name. */
export function rolesOfFields(types: FieldTypes): readonly string[] {
  const fields = types.flatMap((type) => Object.values(type.fields))
  return fields.flatMap(({ read, write }) => [...rolesIn(read), ...rolesIn(write)])
}

/** Fields that are not open to all who have the object; sorted, so that the table can be kept in git and compared. */
export function fieldAccess(types: FieldTypes, roles: RoleTree, callers: readonly string[]): readonly FieldRow[] {
  const rows = types.flatMap(({ name: type, fields }) =>
    Object.entries(fields).flatMap(([field, said]) =>
      rights.flatMap((right): FieldRow[] => {
        const rule = ruleOf(said, right)
        return rule === undefined ? [] : [{ type, field, right, access: accessOf(rule, roles, callers) }]
      }),
    ),
  )
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

export interface KnownFields {
  readonly callers: readonly string[]
  readonly fields?: readonly FieldRow[]
}

export interface FieldsNow {
  readonly callers: readonly string[]
  readonly types: FieldTypes
  readonly roles: RoleTree
}

/** What of these fields became more open since; a field that is gone is not, one without its rule is open to all. */
export function openedFields(before: KnownFields, now: FieldsNow): readonly string[] {
  return (before.fields ?? []).flatMap((row) => {
    const field = now.types.find((type) => type.name === row.type)?.fields[row.field]
    if (field === undefined) return []
    const rule = ruleOf(field, row.right) ?? 'everyone'
    const is = { callers: now.callers, access: accessOf(rule, now.roles, now.callers) }
    const was = { callers: before.callers, access: row.access }
    return gained(was, is).map((gain) => `${row.right} ${row.type}.${row.field}: ${gain}`)
  })
}

/** A private field is read by nobody. */
function ruleOf(field: Field, right: FieldRight): Rule | undefined {
  return right === 'read' && field.private === true ? 'nobody' : field[right]
}

function accessOf(rule: Rule, roles: RoleTree, callers: readonly string[]): readonly Outlook[] {
  return callers.map((caller) => rowOutlook(rule, callerKind(caller, roles)))
}

function keyOf({ type, field, right }: FieldRow): string {
  return `${type}.${field} ${right}`
}

const rights = ['read', 'write'] as const
