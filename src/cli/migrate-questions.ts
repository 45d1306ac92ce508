import { isType, type Answers, type Plan } from '../migrations/plan.ts'
import type { MigratedSite } from '../migrations/state.ts'
import { UsageError } from './usage-error.ts'

/** What is planned where so much is said. */
export type PlanWith = (said: Answers) => Plan

/** Asks what is to become of each thing that no type names any more, as far as the line did not say it: types first, then what is left of their fields. */
export async function askAnswers(said: Answers, planWith: PlanWith, site: MigratedSite): Promise<Answers> {
  const nothing: Answers = { drop: new Set(), rename: new Map([...said.rename].filter(([path]) => isType(path))) }
  const types = await askEach(said, { ...planWith(nothing), isMeant: isType }, site)
  const renamed = new Map([...types.rename].filter(([path]) => isType(path)))
  return askEach(types, { ...planWith({ drop: new Set(), rename: renamed }), isMeant: (path) => !isType(path) }, site)
}

async function askEach(
  said: Answers,
  { isMeant, ...plan }: Plan & { readonly isMeant: (path: string) => boolean },
  site: MigratedSite,
): Promise<Answers> {
  const { isCancel, select } = await import('@clack/prompts')
  const drop = new Set(said.drop)
  const rename = new Map(said.rename)
  for (const path of plan.kept.filter(isMeant)) {
    if (drop.has(path) || rename.has(path)) continue
    const what = isType(path) ? 'objects' : 'values'
    const options = [
      { value: 'keep', label: `Keep it and its ${what} in the database` },
      ...newNames(path, plan, site)
        .filter((to) => !isTaken(path, to, rename))
        .map((to) => ({ value: `to ${to}`, label: `It is called ${to} now: keep its ${what}` })),
      { value: 'drop', label: `Drop it, and lose its ${what} for good` },
    ]
    const answer = await select({ message: `No type names ${path} any more.`, options })
    if (isCancel(answer)) throw new UsageError('Nothing was written.')
    if (answer === 'drop') drop.add(path)
    if (answer.startsWith('to ')) rename.set(path, answer.slice('to '.length))
  }
  return { drop, rename }
}

/** What is new; where nothing is, as after a while of `postern dev`, anything. */
function newNames(path: string, { steps }: Plan, { types }: MigratedSite): readonly string[] {
  const [type = ''] = path.split('.')
  const added = steps.flatMap((step) => {
    if (isType(path)) return step.do === 'add type' ? [step.type] : []
    return step.do === 'add field' && step.type === type ? [step.field] : []
  })
  if (added.length > 0) return added
  return isType(path)
    ? types.map(({ name }) => name)
    : Object.keys(types.find(({ name }) => name === type)?.fields ?? {})
}

/** Something else, of the same type, has become it already. */
function isTaken(path: string, to: string, rename: Answers['rename']): boolean {
  const [type] = path.split('.')
  return [...rename].some(
    ([from, taken]) => taken === to && isType(from) === isType(path) && (isType(path) || from.split('.')[0] === type),
  )
}
