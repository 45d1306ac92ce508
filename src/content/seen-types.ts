import type { Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import { toCondition, type Decided } from '../rules/to-condition.ts'
import type { Condition } from '../schema/condition.ts'
import type { Row, Selected } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Field } from './field.ts'
import { lower } from './lower.ts'
import { prepared, shownColumn, type ObjectType, type ObjectTypes } from './object-types.ts'

export interface Seeing {
  readonly caller: Caller
  /** Verdicts of the site's own functions for this caller. */
  readonly decided: Decided
  /** For rules that speak of publication. */
  readonly now: string
}

/**
 * The types as this caller sees them. A field that no row would show is private to the caller; one that some rows show
 * is veiled: in all other rows it is absent to whatever reads, filters or sorts. Whoever works with these types alone
 * cannot tell what the caller may not know. Types that hide nothing from the caller stand as they are.
 */
export function seenTypes(types: ObjectTypes, seeing: Seeing): ObjectTypes {
  const seen = types.readRuled.flatMap((type) => seenType(type, seeing) ?? [])
  return seen.length === 0 ? types : types.with(seen)
}

/** What a rule on a field comes to for a caller. One that cannot be judged denies. */
export function fieldCondition(rule: Rule | undefined, { caller, decided }: Omit<Seeing, 'now'>): Condition {
  if (rule === undefined) return true
  try {
    return toCondition(rule, caller, decided)
  } catch {
    return false
  }
}

/** What is selected for a field; beside a veiled one, whether the row shows it. */
export function selectedField(type: ObjectType | undefined, name: string): readonly Selected[] {
  const shown = shownColumn(type, name)
  if (shown.given === undefined) return [shown.column]
  return [
    { ...shown, as: name },
    { test: shown.given, as: markOf(name) },
  ]
}

/** Takes veiled fields out of the rows that do not show them: there they are missing, as private ones are. */
export function withoutWithheld(rows: readonly Row[], type: ObjectType | undefined): void {
  if (type === undefined || type.veils.size === 0) return
  for (const row of rows) {
    for (const name of type.veils.keys()) {
      const mark = markOf(name)
      if (mark in row && row[mark] !== 1) delete row[name]
      delete row[mark]
    }
  }
}

function seenType(type: ObjectType, seeing: Seeing): ObjectType | undefined {
  const closed: string[] = []
  const partly: [string, Condition][] = []
  for (const [name, { read }] of Object.entries(type.fields)) {
    const may = fieldCondition(read, seeing)
    if (may === false) closed.push(name)
    else if (may !== true) partly.push([name, may])
  }
  if (closed.length === 0 && partly.length === 0) return undefined
  const without = closed.length === 0 ? type : closedTo(type, closed)
  if (partly.length === 0) return without
  const scope = { type, joined: true, as: 'o', now: seeing.now }
  return veiledBy(without, new Map(partly.map(([name, may]) => [name, lower(may, scope)])))
}

/** Made once for each set of fields, however many callers it is closed to. */
function closedTo(type: ObjectType, names: readonly string[]): ObjectType {
  const known = closedTypes.get(type) ?? new Map<string, ObjectType>()
  closedTypes.set(type, known)
  const key = names.join()
  const found = known.get(key)
  if (found !== undefined) return found
  const fields: Record<string, Field> = { ...type.fields }
  for (const [name, field] of Object.entries(type.fields)) if (names.includes(name)) fields[name] = closed(field)
  const made = prepared({ ...type, fields })
  known.set(key, made)
  return made
}

function closed(field: Field): Field {
  return { ...field, private: true }
}

function veiledBy(type: ObjectType, veils: ReadonlyMap<string, Predicate>): ObjectType {
  const veiled = { ...type, veils }
  const select = (names: readonly string[]): Selected[] => names.flatMap((name) => selectedField(veiled, name))
  const own = type.publicNames.filter((name) => Object.hasOwn(type.fields, name))
  return { ...veiled, selectAll: select(type.publicNames), selectOwn: ['t.id', ...select(own)] }
}

function markOf(name: string): string {
  return `@shown ${name}`
}

const closedTypes = new WeakMap<ObjectType, Map<string, ObjectType>>()
