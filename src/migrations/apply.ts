import { schemaOf } from '../content/room.ts'
import { keptTables } from '../store/keeping.ts'
import type { Store, Workbench } from '../store/port.ts'
import { takeSteps } from '../store/take-steps.ts'
import { performStep } from './perform-step.ts'
import type { MigrationFile } from './read-files.ts'
import { record, recordsSchema } from './records.ts'
import { shapesKept, shapesOf } from './shapes.ts'
import { standingOf } from './standing.ts'
import { readState, refuseForeign, refuseMisfits, type MigratedSite } from './state.ts'
import { stepText } from './step.ts'

export interface Applied {
  readonly name: string
  /** What was done; empty where all of it was so already. */
  readonly steps: readonly string[]
  readonly ms: number
}

/**
 * Brings a database up to the files of its site: an empty one is given everything the types name; any other one the tables
 * of the house, and then each file that it lacks, in order, each in a transaction of its own. Of many nodes that do so at
 * once, one applies a file and the others find it applied. Refuses before the first step whatever does not fit.
 */
export async function applyFiles(store: Store, site: MigratedSite): Promise<readonly Applied[]> {
  await store.reshape((bench) => begin(bench, site))
  const { applied, pending } = await readState(store.read, site)
  refuseForeign({ applied }, site.files)
  const done: Applied[] = []
  for (const file of pending) {
    const started = performance.now()
    const steps = await store.reshape((bench) => applyFile(bench, file, site))
    if (steps !== undefined) done.push({ name: file.name, steps, ms: performance.now() - started })
  }
  store.declare(schemaOf(site.types))
  return done
}

/** All in one: a stop in the middle leaves an empty database. */
async function begin(bench: Workbench, { types, files }: MigratedSite): Promise<void> {
  const shapes = shapesKept(await keptTables(bench), shapesOf(types))
  const wanted = schemaOf(shapes.size === 0 ? types : [])
  bench.declare(wanted, recordsSchema)
  await takeSteps(bench, [wanted, recordsSchema])
  if (shapes.size > 0 || types.length === 0) return
  const { pending } = await readState(bench, { types, files })
  for (const file of pending) await record(bench, file)
}

/** `undefined` where another node was first. */
async function applyFile(
  bench: Workbench,
  file: MigrationFile,
  site: MigratedSite,
): Promise<readonly string[] | undefined> {
  bench.declare(houseTables, recordsSchema)
  const state = await readState(bench, site)
  if (state.applied.has(file.name)) return undefined
  refuseForeign(state, site.files)
  refuseMisfits(state)
  const taken: string[] = []
  for (const [index, step] of file.steps.entries()) {
    const kept = await keptTables(bench)
    const shapes = shapesKept(kept, shapesOf(site.types))
    if (standingOf(step, shapes) === 'done') continue
    await performStep({ bench, kept, shapes }, step, file.placeOf(index))
    taken.push(stepText(step))
  }
  await record(bench, file)
  return taken
}

const houseTables = schemaOf([])
