import type { OpenHouse } from '../app.ts'
import { applyFiles } from '../migrations/apply.ts'
import { planSteps } from '../migrations/plan.ts'
import { readMigrations, shapesOfFiles } from '../migrations/read-files.ts'
import { readState, refuseForeign, uncovered, type MigratedSite } from '../migrations/state.ts'
import { stepText } from '../migrations/step.ts'
import type { Command, Given } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { planMigration } from './migrate-plan.ts'
import { withSite } from './open-site.ts'
import { planTable } from './plan-table.ts'
import { say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'

/** Plans, applies or checks. Nothing is lost that was not named: by `--drop`, by an answer, or in a file that somebody wrote. */
export const migrate: Command = {
  options: {
    drop: { type: 'string', multiple: true, value: 'type.field', doc: 'what the types no longer name and may be lost' },
    rename: {
      type: 'string',
      multiple: true,
      value: 'type.old=new',
      doc: 'what is not gone but goes by another name, with its values; old=new for a whole type',
    },
    name: { type: 'string', value: 'words', doc: 'what the file is called after its minute' },
    apply: { type: 'boolean', doc: 'apply the files that the database was not given yet' },
    check: { type: 'boolean', doc: 'write nothing; exit code 1 where the types are ahead of the files' },
    ...siteOptions,
    ...settingOptions,
  },
  run: (given) => {
    refuseMixed(given)
    return withSite(
      given,
      async ({ root, house }) => {
        const site = { types: house.room().types.all, files: readMigrations(root) }
        if (given.has('apply')) return apply(given, house, site)
        return given.has('check') ? check(given, house, site) : planMigration(given, { root, house, site })
      },
      { leaveTypes: true },
    )
  },
}

function refuseMixed(given: Given): void {
  const planning = ['drop', 'rename'].filter((name) => given.list(name).length > 0)
  if (given.text('name') !== undefined) planning.push('name')
  const [first] = planning
  const verbs = ['apply', 'check'].filter((name) => given.has(name))
  if (verbs.length > 1) throw new UsageError('--apply changes the database and --check nothing: one of them.')
  if (first !== undefined && verbs.length > 0)
    throw new UsageError(`--${first} is for a file that is yet to be written: leave --${verbs[0]} away.`)
}

async function apply(given: Given, { store }: OpenHouse, site: MigratedSite): Promise<number> {
  const applied = await applyFiles(store, site)
  const state = await readState(store.read, site)
  const ahead = uncovered(state, site.types).steps.map(stepText)
  if (given.has('json')) sayJson({ applied: applied.map(({ name, steps }) => ({ file: name, steps })), ahead })
  else {
    const done = applied.flatMap(({ name, steps }) => [
      `applied ${name}${steps.length === 0 ? ': all of it was so already' : ''}`,
      ...steps.map((step) => `  ${step}`),
    ])
    const lacking = ahead.length === 0 ? [] : ['The types are still ahead, by what no file brings:', ...lines(ahead)]
    const hint = ahead.length === 0 ? [] : ['Write the file: postern migrate']
    say([...(done.length === 0 ? ['There was nothing to apply.'] : done), ...lacking, ...hint].join('\n'))
  }
  return ahead.length === 0 ? 0 : 1
}

/** The files alone are asked, and the database only whether they are still what it was given: CI has no other one. */
async function check(given: Given, { store }: OpenHouse, site: MigratedSite): Promise<number> {
  refuseForeign(await readState(store.read, site), site.files)
  const { steps, kept } = planSteps(shapesOfFiles(site.files), site.types)
  if (given.has('json')) sayJson({ ok: steps.length === 0, steps, kept })
  else if (steps.length === 0) say('The files bring everything that the types name.')
  else say(['The types are ahead of the files:', planTable({ steps }), 'Write the file: postern migrate'].join('\n'))
  return steps.length === 0 ? 0 : 1
}

function lines(texts: readonly string[]): string[] {
  return texts.map((text) => `  ${text}`)
}
