import { PosternError } from '../errors/postern-error.ts'
import { readMigrations } from '../migrations/read-files.ts'
import { wasServed } from '../migrations/served.ts'
import { readState, refuseForeign, uncovered } from '../migrations/state.ts'
import { stepText } from '../migrations/step.ts'
import type { Finding } from './finding.ts'
import type { Opened } from './open-site.ts'

/** How the database stands to the types and to the files of `migrations/`. Changes nothing. */
export async function migrationFindings({ root, house }: Opened): Promise<Finding[]> {
  const { types } = house.room()
  try {
    const site = { types: types.all, files: readMigrations(root) }
    const state = await readState(house.store.read, site)
    if (state.isEmpty) return []
    refuseForeign(state, site.files)
    const { steps, kept } = uncovered(state, site.types)
    const lacks = (await wasServed(house.store)) ? aheadInProduction : aheadInDevelopment
    return [
      ...steps.map((step) => lacks(stepText(step))),
      ...state.pending.map(({ name }) => pending(name)),
      ...kept.map(keptFinding),
    ]
  } catch (thrown) {
    if (!(thrown instanceof PosternError)) throw thrown
    return [{ state: 'bad', what: `${thrown.title}: ${thrown.message}`, hint: thrown.hint }]
  }
}

function aheadInProduction(step: string): Finding {
  const hint = 'postern migrate writes the file that brings it; until then postern start refuses.'
  return { state: 'bad', what: `The types need what the database lacks: ${step}`, hint }
}

function aheadInDevelopment(step: string): Finding {
  const hint = 'postern dev does what loses nothing by itself; postern migrate, then --apply, does all of it.'
  return { state: 'warning', what: `The types need what the database lacks: ${step}`, hint }
}

function pending(name: string): Finding {
  const hint = 'postern migrate --apply applies it; so does postern start.'
  return { state: 'warning', what: `migrations/${name} was not applied to this database`, hint }
}

function keptFinding(path: string): Finding {
  const hint = `To lose it for good: postern migrate --drop ${path}, then postern migrate --apply`
  return { state: 'warning', what: `The database keeps ${path}, which the types no longer name`, hint }
}
