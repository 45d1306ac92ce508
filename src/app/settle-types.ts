import type { TypeData } from '../content/define-type.ts'
import { schemaOf } from '../content/room.ts'
import { PosternError } from '../errors/postern-error.ts'
import { applyFiles } from '../migrations/apply.ts'
import type { Plan } from '../migrations/plan.ts'
import { migrationsFolder, readMigrations, type MigrationFile } from '../migrations/read-files.ts'
import { markServed, wasServed } from '../migrations/served.ts'
import { readState, uncovered, type MigrationState } from '../migrations/state.ts'
import { stepText } from '../migrations/step.ts'
import type { Observer } from '../observe/observer.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import type { Store } from '../store/port.ts'

export interface Settling {
  readonly store: Store
  readonly root: string
  readonly mode: 'dev' | 'start' | 'command'
  /** Touches no type, and refuses nothing: for whoever is about to look at or to change that very thing. */
  readonly leaveTypes: boolean
  readonly observer: Observer
}

export interface Settled {
  /** Whether the database has what the types need. */
  readonly isReady: boolean
  readonly problems: readonly SiteProblem[]
}

/**
 * Brings the database up to the types, as far as that is nobody's decision, and says what it keeps or waits for. While
 * developing it follows by itself in all that loses nothing. In production it takes the site's files and nothing else; a
 * command does the same with a database that was ever served in production, but leaves the files to `start` and `migrate`.
 */
export async function settleTypes(settling: Settling, types: readonly TypeData[]): Promise<Settled> {
  const { store, root, mode, leaveTypes, observer } = settling
  if (leaveTypes) return (store.declare(schemaOf(types)), { isReady: false, problems: [] })
  const { files, problems } = filesOf(root, mode)
  const isProduction = mode === 'start' || (mode === 'command' && (await wasServed(store)))
  if (mode === 'start') {
    for (const { name, steps, ms } of await applyFiles(store, { types, files }))
      observer.note({ kind: 'types.migrated', file: name, steps, ms })
    await markServed(store)
  } else if (isProduction) store.declare(schemaOf(types))
  else await store.migrate([schemaOf(types)])
  const state = await readState(store.read, { types, files })
  const lacking = uncovered(state, types)
  if (isProduction) {
    refuseUncovered(lacking.steps)
    refuseBehind(state, types)
  }
  return { isReady: true, problems: [...problems, ...keptProblems(lacking), ...state.pending.map(pendingProblem)] }
}

/** While developing, a broken file is said and not fatal: nothing is done by it. */
function filesOf(root: string, mode: Settling['mode']): { files: readonly MigrationFile[]; problems: SiteProblem[] } {
  try {
    return { files: readMigrations(root), problems: [] }
  } catch (thrown) {
    if (mode === 'start' || !(thrown instanceof PosternError)) throw thrown
    const { code, message, hint, at = { file: migrationsFolder } } = thrown
    return { files: [], problems: [{ fatal: false, code, message, hint, at }] }
  }
}

function refuseUncovered(steps: Plan['steps']): void {
  if (steps.length === 0) return
  const lines = steps.map((step) => `  ${stepText(step)}`)
  const what = `The types need what this database lacks, and no file of ${migrationsFolder}/ brings:\n${lines.join('\n')}`
  throw new PosternError('MIGRATION_NEEDED', what)
}

/** The files that wait bring it, and nobody applied them yet. */
function refuseBehind(state: MigrationState, types: readonly TypeData[]): void {
  const waiting = state.pending.filter(({ steps }) => steps.length > 0).map(({ name }) => name)
  if (waiting.length === 0 || uncovered({ ...state, pending: [] }, types).steps.length === 0) return
  throw new PosternError('MIGRATION_NEEDED', `The types need what ${waiting.join(', ')} will bring to this database.`, {
    hint: 'Apply it with `postern migrate --apply`, or with the next `postern start`.',
  })
}

/** What the types no longer name stays until somebody says that it may go; what cannot follow by itself waits. */
function keptProblems({ steps, kept }: Plan): SiteProblem[] {
  return [
    ...kept.map((path) =>
      problem(
        `The database keeps ${path}, which the types no longer name.`,
        `To lose it for good: postern migrate --drop ${path}, then postern migrate --apply`,
      ),
    ),
    ...steps.map((step) =>
      problem(
        `The database does not follow this by itself: ${stepText(step)}.`,
        'To keep the values: postern migrate, then postern migrate --apply',
      ),
    ),
  ]
}

function pendingProblem({ name }: MigrationFile): SiteProblem {
  const message = `${name} was not applied to this database.`
  const hint = 'postern migrate --apply applies it; so does postern start.'
  return { fatal: false, code: 'BAD_SITE', message, at: { file: `${migrationsFolder}/${name}` }, hint }
}

function problem(message: string, hint: string): SiteProblem {
  return { fatal: false, code: 'BAD_SITE', message, at: { file: 'types' }, hint }
}
