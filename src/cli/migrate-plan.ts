import type { OpenHouse } from '../app.ts'
import { isType, noAnswers, type Answers, type Plan } from '../migrations/plan.ts'
import { chainFault, migrationsFolder, shapesOfFiles } from '../migrations/read-files.ts'
import { planFile, readState, refuseForeign, type MigratedSite } from '../migrations/state.ts'
import { after } from '../migrations/standing.ts'
import type { TypeStep } from '../migrations/step.ts'
import { writeMigration } from '../migrations/write-file.ts'
import type { Given } from './command.ts'
import { askAnswers, type PlanWith } from './migrate-questions.ts'
import { planTable } from './plan-table.ts'
import { colour, say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'

export interface Planning {
  readonly root: string
  readonly house: OpenHouse
  readonly site: MigratedSite
}

/** Shows the difference between the types and the database, and writes it as a file that is read before it is applied. */
export async function planMigration(given: Given, { root, house, site }: Planning): Promise<number> {
  const state = await readState(house.store.read, site)
  refuseForeign(state, site.files)
  const planWith = (answers: Answers): Plan => planFile(state, site, answers).plan
  const said = answersOf(given, planWith, site)
  const isAsked = !given.has('json') && process.stdin.isTTY && process.stdout.isTTY
  const answers = isAsked ? await askAnswers(said, planWith, site) : said
  const { begin, plan } = planFile(state, site, answers)
  const files = writeFiles({ root, site, called: given.text('name') }, [
    ...(begin === undefined ? [] : [{ plan: begin, called: 'begin' }]),
    { plan },
  ])
  const pending = [...state.pending.map(({ name }) => name), ...files]
  if (given.has('json')) return sayJson({ files, steps: plan.steps, kept: plan.kept, pending })
  return say(told({ files, plan, pending }).join('\n'))
}

/** What the line says of what the types no longer name; anything else is a slip. */
function answersOf(given: Given, planWith: PlanWith, { types }: MigratedSite): Answers {
  const drop = new Set(given.list('drop'))
  const rename = new Map(given.list('rename').map(renameOf))
  const ofTypes = new Map([...rename].filter(([path]) => isType(path)))
  const kept = [...new Set([noAnswers, { ...noAnswers, rename: ofTypes }].flatMap((said) => planWith(said).kept))]
  const there = kept.length === 0 ? 'The types name everything that there is.' : `There is ${kept.join(', ')}.`
  for (const path of [...drop, ...rename.keys()]) {
    if (!kept.includes(path)) throw new UsageError(`${path} is nothing that the types no longer name. ${there}`)
    if (drop.has(path) && rename.has(path)) throw new UsageError(`${path} is to be dropped and renamed: one of them.`)
  }
  for (const [path, to] of rename) {
    if (isType(path)) refuseNoType(path, to, types)
    else refuseNoField(path, to, types)
  }
  return { drop, rename }
}

function refuseNoType(path: string, to: string, types: MigratedSite['types']): void {
  if (types.some(({ name }) => name === to)) return
  throw new UsageError(
    `${path} cannot become ${to}: there is no such type. There is ${types.map((one) => one.name).join(', ')}.`,
  )
}

function refuseNoField(path: string, to: string, types: MigratedSite['types']): void {
  const [type] = path.split('.')
  if (!Object.hasOwn(types.find(({ name }) => name === type)?.fields ?? {}, to))
    throw new UsageError(`${path} cannot become ${to}: ${type} has no such field.`)
}

function renameOf(text: string): [path: string, to: string] {
  const [, path = '', to = ''] = /^([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)=([a-z][a-z0-9_]*)$/.exec(text) ?? []
  if (to === '') throw new UsageError(`Say --rename type.old=new or, of a type, old=new; not ${JSON.stringify(text)}.`)
  return [path, to]
}

interface Writing {
  readonly root: string
  readonly site: MigratedSite
  readonly called: string | undefined
}

/** One file for each plan that has steps, each fitting what was there before. */
function writeFiles(
  { root, site, called }: Writing,
  plans: readonly { readonly plan: Plan; readonly called?: string }[],
): readonly string[] {
  let shapes = shapesOfFiles(site.files)
  const fits = (step: TypeStep): void => {
    const fault = chainFault(step, shapes)
    if (fault !== undefined) throw new UsageError(`This cannot be: ${fault}.`)
    shapes = after(step, shapes)
  }
  for (const { plan } of plans) plan.steps.forEach(fits)
  const before = site.files.map(({ name }) => name)
  for (const { plan, called: own } of plans.filter((one) => one.plan.steps.length > 0)) {
    const { steps } = plan
    before.push(writeMigration({ root, steps, before, called: own ?? called, now: new Date() }))
  }
  return before.slice(site.files.length)
}

function told({
  files,
  plan,
  pending,
}: {
  files: readonly string[]
  plan: Plan
  pending: readonly string[]
}): string[] {
  const nothing = ['The database and the files have everything that the types name.']
  return [
    ...(plan.steps.length === 0 ? nothing : [planTable(plan)]),
    ...plan.kept.map((path) => `kept: ${path}   (to lose it for good: postern migrate --drop ${path})`),
    ...files.map((name) => `wrote ${colour.bold(`${migrationsFolder}/${name}`)}`),
    ...(pending.length === 0 ? [] : ['Read it, keep it with the site, and apply it: postern migrate --apply']),
  ]
}
