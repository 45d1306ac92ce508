import type { TypeData } from '../content/define-type.ts'
import { keptTables } from '../store/keeping.ts'
import type { Reader } from '../store/port.ts'
import { PosternError } from '../errors/postern-error.ts'
import { joined, planSteps, type Answers, type Plan } from './plan.ts'
import type { MigrationFile } from './read-files.ts'
import { migrationsFolder, shapesOfFiles } from './read-files.ts'
import { recordsIn } from './records.ts'
import { shapesKept, shapesOf, type Shapes } from './shapes.ts'
import { after, standingOf } from './standing.ts'

/** How a database stands to a site's types and files. */
export interface MigrationState {
  readonly shapes: Shapes
  /** No type was ever kept in it. */
  readonly isEmpty: boolean
  readonly applied: ReadonlyMap<string, string>
  readonly pending: readonly MigrationFile[]
}

export interface MigratedSite {
  readonly types: readonly TypeData[]
  readonly files: readonly MigrationFile[]
}

export async function readState(reader: Pick<Reader, 'rows'>, { types, files }: MigratedSite): Promise<MigrationState> {
  const shapes = shapesKept(await keptTables(reader), shapesOf(types))
  const applied = await recordsIn(reader)
  return { shapes, isEmpty: shapes.size === 0, applied, pending: files.filter(({ name }) => !applied.has(name)) }
}

/** Refuses files that were changed after they were applied, and a site that is older than its database. */
export function refuseForeign({ applied }: Pick<MigrationState, 'applied'>, files: readonly MigrationFile[]): void {
  for (const { name, checksum } of files) {
    const known = applied.get(name)
    if (known === undefined || known === checksum) continue
    throw new PosternError('MIGRATION_CHANGED', `${name} was applied to this database, and says something else now.`, {
      at: { file: `${migrationsFolder}/${name}` },
    })
  }
  const names = new Set(files.map(({ name }) => name))
  const foreign = [...applied.keys()].filter((name) => !names.has(name))
  if (foreign.length === 0) return
  const what = `The database was given ${foreign.join(', ')}, which this site does not have in ${migrationsFolder}/.`
  throw new PosternError('DATABASE_NEWER', what)
}

/** Refuses pending files of which a step fits neither what is there nor what the steps before it leave. */
export function refuseMisfits({ shapes, pending }: Pick<MigrationState, 'shapes' | 'pending'>): void {
  let now = shapes
  for (const { steps, placeOf } of pending) {
    for (const [index, step] of steps.entries()) {
      const standing = standingOf(step, now)
      if (typeof standing === 'object') {
        throw new PosternError('MIGRATION_MISFIT', `In this database ${standing.misfit}. Nothing was changed.`, {
          at: placeOf(index),
        })
      }
      now = after(step, now)
    }
  }
}

/** What the types need that the database lacks and no pending file brings. */
export function uncovered(
  { shapes, pending }: Pick<MigrationState, 'shapes' | 'pending'>,
  types: readonly TypeData[],
): Plan {
  return planSteps(afterFiles(shapes, pending), types)
}

/**
 * What a new file is to say: what the types have that the files lack, and what the database lacks or keeps beside. Where
 * there is no file yet, `begin` is what a first one says: the types as the database has them.
 */
export function planFile(state: MigrationState, site: MigratedSite, answers: Answers): { begin?: Plan; plan: Plan } {
  const { types, files } = site
  const database = state.isEmpty ? undefined : afterFiles(state.shapes, state.pending)
  if (files.length > 0) {
    const known = shapesOfFiles(files)
    const fromFiles = planSteps(known, types, answers)
    return {
      plan:
        database === undefined
          ? fromFiles
          : joined(fromFiles, planSteps(database, types, answers), { known, types: shapesOf(types) }),
    }
  }
  if (database === undefined) return { plan: planSteps(new Map(), types, answers) }
  const plan = planSteps(database, types, answers)
  return { begin: beginning(database, plan), plan }
}

/** Everything the database has, but what stays although nobody names it, and what `postern dev` made of a new name. */
function beginning(database: Shapes, { steps: next, kept }: Plan): Plan {
  const made = next.flatMap((step) => (step.do === 'rename type' ? [step.to] : []))
  const steps = [...database]
    .filter(([type]) => !kept.includes(type) && !made.includes(type))
    .map(([type, fields]) => {
      const own = Object.entries(fields).filter(([field]) => !kept.includes(`${type}.${field}`))
      return { do: 'add type' as const, type, fields: Object.fromEntries(own) }
    })
  return { steps, kept }
}

/** As far as they fit: what does not is said when they are applied. */
function afterFiles(shapes: Shapes, files: readonly MigrationFile[]): Shapes {
  const steps = files.flatMap((file) => file.steps)
  return steps.reduce((now, step) => (standingOf(step, now) === 'due' ? after(step, now) : now), shapes)
}
