import type { TypeData } from '../content/define-type.ts'
import { isSame, shapesOf, type Shapes } from './shapes.ts'
import { after, standingOf } from './standing.ts'
import type { TypeShape, TypeStep } from './step.ts'

/** What the developer has said of what the types no longer name. */
export interface Answers {
  /** `artwork.medium`, or `artwork` for a whole type. */
  readonly drop: ReadonlySet<string>
  /** `artwork.medium` → `technique`; `artwork` → `work` for a whole type, whose fields are then spoken of by its new name. */
  readonly rename: ReadonlyMap<string, string>
}

export interface Plan {
  readonly steps: readonly TypeStep[]
  /** What stays although no type names it: `artwork.medium`, or `artwork`. */
  readonly kept: readonly string[]
}

export const noAnswers: Answers = { drop: new Set(), rename: new Map() }

/** The steps that bring the shapes to the types; what would lose values is only among them where it was said. */
export function planSteps(from: Shapes, types: readonly TypeData[], answers: Answers = noAnswers): Plan {
  const to = shapesOf(types)
  const ofTypes = leftovers(from, to)
    .filter(isType)
    .flatMap((path) => renameOf(path, answers))
  const moved = ofTypes.reduce((shapes, step) => after(step, shapes), from)
  const ofFields = leftovers(moved, to).flatMap((path) => renameOf(path, answers))
  const renamed = ofFields.reduce((shapes, step) => after(step, shapes), moved)
  const gone = leftovers(renamed, to)
  return {
    steps: [
      ...ofTypes,
      ...ofFields,
      ...[...to].flatMap(([type, fields]) => typeSteps(renamed, type, { fields, types })),
      ...gone.filter((path) => answers.drop.has(path)).map(dropOf),
    ],
    kept: gone.filter((path) => !answers.drop.has(path)),
  }
}

/**
 * The steps of the files' plan, and what the database needs beside. What the files already brought, by what they say, is
 * asked for once more by `add type`, which gives a type whatever it lacks.
 */
export function joined(files: Plan, database: Plan, { known, types }: { known: Shapes; types: Shapes }): Plan {
  const shapes = files.steps.reduce((before, step) => after(step, before), known)
  const said = new Set(files.steps.map((step) => JSON.stringify(step)))
  const more = new Map<string, TypeStep>()
  for (const step of database.steps.filter((one) => !said.has(JSON.stringify(one)))) {
    const isDone = standingOf(step, shapes) === 'done'
    const asked: TypeStep =
      isDone && (step.do === 'add field' || step.do === 'change field')
        ? { do: 'add type', type: step.type, fields: types.get(step.type) ?? {} }
        : step
    more.set(JSON.stringify(asked), asked)
  }
  return { steps: [...files.steps, ...more.values()], kept: [...new Set([...files.kept, ...database.kept])] }
}

/** What the types do not name: whole types, and fields of those that are named. */
export function leftovers(from: Shapes, to: Shapes): string[] {
  return [...from].flatMap(([type, fields]) => {
    const named = to.get(type)
    if (named === undefined) return [type]
    return Object.keys(fields)
      .filter((field) => !Object.hasOwn(named, field))
      .map((field) => `${type}.${field}`)
  })
}

/** And not one of its fields. */
export function isType(path: string): boolean {
  return !path.includes('.')
}

function renameOf(path: string, { rename }: Answers): TypeStep[] {
  const [type = '', field] = path.split('.')
  const to = rename.get(path)
  if (to === undefined) return []
  return field === undefined ? [{ do: 'rename type', type, to }] : [{ do: 'rename field', type, field, to }]
}

function dropOf(path: string): TypeStep {
  const [type = '', field] = path.split('.')
  return field === undefined ? { do: 'drop type', type, loses: true } : { do: 'drop field', type, field, loses: true }
}

interface WantedType {
  readonly fields: TypeShape
  readonly types: readonly TypeData[]
}

function typeSteps(from: Shapes, type: string, { fields, types }: WantedType): TypeStep[] {
  const before = from.get(type)
  if (before === undefined) return [{ do: 'add type', type, fields }]
  const defaults = types.find(({ name }) => name === type)?.fields ?? {}
  return Object.entries(fields).flatMap(([field, as]): TypeStep[] => {
    const own = before[field]
    const fill = as.required === true ? defaults[field]?.default : undefined
    const filling = fill === undefined ? {} : { fill }
    if (own === undefined) return [{ do: 'add field', type, field, as, ...filling }]
    return isSame(own, as) ? [] : [{ do: 'change field', type, field, from: own, to: as, ...filling }]
  })
}
