import type { Answers, Plan } from '../migrations/plan.ts'
import type { MigratedSite } from '../migrations/state.ts'
import { UsageError } from './usage-error.ts'

/** Asks what is to become of each thing that no type names any more, as far as the line did not say it. */
export async function askAnswers(said: Answers, unasked: Plan, site: MigratedSite): Promise<Answers> {
  const { isCancel, select } = await import('@clack/prompts')
  const drop = new Set(said.drop)
  const rename = new Map(said.rename)
  for (const path of unasked.kept) {
    if (drop.has(path) || rename.has(path)) continue
    const options = [
      { value: 'keep', label: 'Keep it and its values in the database' },
      ...newNames(path, unasked, site)
        .filter((to) => !isTaken(path, to, rename))
        .map((to) => ({ value: `to ${to}`, label: `It is called ${to} now: keep its values` })),
      { value: 'drop', label: 'Drop it, and lose its values for good' },
    ]
    const answer = await select({ message: `No type names ${path} any more.`, options })
    if (isCancel(answer)) throw new UsageError('Nothing was written.')
    if (answer === 'drop') drop.add(path)
    if (answer.startsWith('to ')) rename.set(path, answer.slice('to '.length))
  }
  return { drop, rename }
}

/** Fields that are new; where there are none, as after a while of `postern dev`, any. */
function newNames(path: string, { steps }: Plan, { types }: MigratedSite): readonly string[] {
  const [type = '', field] = path.split('.')
  if (field === undefined) return []
  const added = steps.flatMap((step) => (step.do === 'add field' && step.type === type ? [step.field] : []))
  if (added.length > 0) return added
  return Object.keys(types.find(({ name }) => name === type)?.fields ?? {})
}

/** Something else of the type has become it already. */
function isTaken(path: string, to: string, rename: Answers['rename']): boolean {
  const [type] = path.split('.')
  return [...rename].some(([from, taken]) => taken === to && from.split('.')[0] === type)
}
