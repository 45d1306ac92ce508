import type { Rule } from '../endpoint/rule.ts'
import type { Reader, Row } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Right } from './access.ts'
import { askedBelow, failingGuards, reached, type Guarding } from './guards.ts'
import type { ObjectType } from './object-types.ts'

/** A section whose rule keeps somebody from what lies below it. */
export interface HeldBack {
  readonly section: number
  readonly type: string
  readonly title: string | null
  /** What its rule is for, and the rule. */
  readonly right: Right
  readonly rule: Rule
}

/** What one rule for what lies below asks; see `asksOf`. */
export interface AskedBelow {
  readonly type: string
  readonly rule: Rule
}

/** Of whom to ask. */
interface Explaining extends Guarding {
  readonly reader: Pick<Reader, 'first' | 'rows'>
}

/**
 * The sections that keep the actor from this object, whichever of its places they take, or with `inside` from what lies in it;
 * none where they are let through. Told to those alone who may ask why.
 */
export async function heldBack(id: number, by: Explaining, inside = false): Promise<readonly HeldBack[]> {
  const sections: Predicate = inside
    ? { column: 'gx.section', is: 'eq', value: id }
    : { column: 'gx.section', among: { from: 'tree', as: 'p', select: 'p.parent', where: childIs(id) } }
  const rights: readonly Right[] = by.right === 'read' ? ['read'] : ['read', by.right]
  for (const right of rights) {
    const one = { ...by, right }
    const failing = await failingGuards(one)
    if (failing === undefined || (!inside && (await isReached(id, one)))) continue
    const rows = await guardRows({ all: [sections, failing] }, by)
    if (rows.length > 0) return rows.flatMap((row) => heldBackBy(row, one))
  }
  return []
}

/** The rules for what lies below sections that this actor does not pass whatever the section: those that may hide rows from them. */
export async function asksOf(by: Guarding): Promise<readonly AskedBelow[]> {
  const asked: AskedBelow[] = []
  for (const type of by.parts.types.guards) {
    const rule = ruleOf(type, by.right)
    if (rule !== undefined && (await askedBelow(type, by)) !== true) asked.push({ type: type.name, rule })
  }
  return asked
}

async function isReached(id: number, by: Explaining): Promise<boolean> {
  const where: Predicate = { all: [{ column: 'o.id', is: 'eq', value: id }, (await reached(by)) ?? true] }
  return (await by.reader.first({ from: 'objects', as: 'o', select: ['o.id'], where })) !== undefined
}

async function guardRows(where: Predicate, { reader }: Explaining): Promise<Row[]> {
  return reader.rows({
    from: 'tree_guards',
    as: 'gx',
    joins: [{ table: 'objects', as: 'o', on: { column: 'o.id', is: 'eq', other: 'gx.guard' } }],
    select: ['o.id', 'o.object_type', 'o.title'],
    distinct: true,
    where,
    order: [{ column: 'o.id' }],
    limit: 10,
  })
}

function heldBackBy(row: Row, { parts, right }: Explaining): HeldBack[] {
  const type = String(row['object_type'])
  const rule = ruleOf(parts.types.get(type), right)
  const title = typeof row['title'] === 'string' ? row['title'] : null
  return rule === undefined ? [] : [{ section: Number(row['id']), type, title, right, rule }]
}

function ruleOf({ below = {} }: Pick<ObjectType, 'below'> = {}, right: Right): Rule | undefined {
  return (right === 'create' ? undefined : below[right]) ?? below.read
}

function childIs(id: number): Predicate {
  return { column: 'p.child', is: 'eq', value: id }
}
