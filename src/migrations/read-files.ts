import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { fieldKinds, Misfit } from '../content/field-kinds.ts'
import { PosternError, type Place } from '../errors/postern-error.ts'
import { codeFrame } from '../registry/code-frame.ts'
import { ManifestTextError, readManifestText, type ManifestText } from '../registry/sources/manifest-text.ts'
import { fileSchema, stepKinds } from './file-schema.ts'
import type { Shapes } from './shapes.ts'
import { after, standingOf } from './standing.ts'
import type { TypeStep } from './step.ts'

/** A file of a site's `migrations/`. Files are taken in the order of their names. */
export interface MigrationFile {
  /** `2026-11-21T2310-add-artwork-medium.json` */
  readonly name: string
  readonly steps: readonly TypeStep[]
  /** Of what it says, however it is spaced. */
  readonly checksum: string
  readonly placeOf: (step: number) => Place
}

export const migrationsFolder = 'migrations'
const namePattern = /^(\d{4}-\d{2}-\d{2}T\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.json$/

/** All files of the site, in order, each fitting what the ones before it left. Refuses (BAD_SITE) with file, line and column. */
export function readMigrations(root: string): readonly MigrationFile[] {
  const names = namesIn(join(root, migrationsFolder))
  for (const [index, name] of names.entries()) refuseName(name, names[index - 1])
  const files = names.map((name) => readMigration(root, name))
  shapesOfFiles(files)
  return files
}

/** What the types were when the last file was written. */
export function shapesOfFiles(files: readonly MigrationFile[]): Shapes {
  let shapes: Shapes = new Map()
  for (const { steps, placeOf } of files) {
    for (const [index, step] of steps.entries()) {
      const fault = chainFault(step, shapes)
      if (fault !== undefined) throw badFile(placeOf(index), `By the steps before this one, ${fault}.`)
      shapes = after(step, shapes)
    }
  }
  return shapes
}

/** What a database may have beside the files can be dropped or renamed by one; nothing may be added or changed twice. */
export function chainFault(step: TypeStep, shapes: Shapes): string | undefined {
  const standing = standingOf(step, shapes)
  if (typeof standing === 'object') return standing.misfit
  const isTwice = standing === 'done' && (step.do === 'add field' || step.do === 'change field')
  return isTwice ? `${step.type}.${step.field} is so already` : undefined
}

/** The minute of a file's name. */
export function stampOf(name: string): string {
  return namePattern.exec(name)?.[1] ?? ''
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.json') && !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted()
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return []
    throw thrown
  }
}

function refuseName(name: string, before: string | undefined): void {
  const at = { file: `${migrationsFolder}/${name}` }
  if (!namePattern.test(name)) {
    throw badFile(
      at,
      'A file of migrations is called after its minute and what it does: 2026-11-21T2310-add-artwork-medium.json.',
    )
  }
  if (before !== undefined && stampOf(before) === stampOf(name)) {
    throw badFile(
      at,
      `${before} is of the same minute, so nobody can tell which comes first: give one of them another.`,
    )
  }
}

function readMigration(root: string, name: string): MigrationFile {
  const file = `${migrationsFolder}/${name}`
  const text = readFileSync(join(root, file), 'utf8')
  const read = readText(file, text)
  const parsed = fileSchema.safeParse(read.value)
  const [issue] = parsed.error?.issues ?? []
  if (!parsed.success) throw framed(text, badFile(placeIn(file, read, pathOf(issue)), complaint(issue)))
  const steps = parsed.data.steps as readonly TypeStep[]
  const placeOf = (step: number): Place => placeIn(file, read, ['steps', String(step)])
  for (const [index, step] of steps.entries()) {
    const fault = fillFault(step)
    if (fault !== undefined) throw framed(text, badFile(placeIn(file, read, ['steps', String(index), 'fill']), fault))
  }
  return { name, steps, placeOf, checksum: createHash('sha256').update(JSON.stringify(steps)).digest('hex') }
}

function readText(file: string, text: string): ManifestText {
  try {
    return readManifestText(text)
  } catch (thrown) {
    if (!(thrown instanceof ManifestTextError)) throw thrown
    throw framed(text, badFile({ file, ...thrown.position }, thrown.message))
  }
}

function placeIn(file: string, { placeOf }: ManifestText, path: readonly string[]): Place {
  return { file, ...placeOf(...path) }
}

type Issue = z.core.$ZodIssue | undefined

function pathOf(issue: Issue): string[] {
  const path = (issue?.path ?? []).map(String)
  return issue?.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
}

function complaint(issue: Issue): string {
  const path = (issue?.path ?? []).map(String)
  if (issue?.code === 'unrecognized_keys') return `There is no place for ${JSON.stringify(issue.keys[0])} here.`
  if (issue?.code === 'invalid_union') return `This is no step; "do" is one of ${stepKinds.join(', ')}.`
  return `${path.length === 0 ? 'The file' : JSON.stringify(path.at(-1))} does not fit: ${reasonOf(issue)}.`
}

function reasonOf(issue: Issue): string {
  const said = issue?.code === 'invalid_key' ? issue.issues[0] : issue
  return said?.message ?? 'it is not a migration'
}

/** What is wrong with what objects are to be filled with. */
function fillFault(step: TypeStep): string | undefined {
  if (!('fill' in step) || step.fill === undefined) return undefined
  const shape = step.do === 'add field' ? step.as : step.to
  const plain = shape.kind === 'select' ? { kind: 'text' as const } : shape
  const parsed = step.fill === null ? new Misfit('is null') : fieldKinds[plain.kind].parse(step.fill, plain)
  return parsed instanceof Misfit ? `What ${step.type}.${step.field} is filled with ${parsed.message}.` : undefined
}

function badFile(at: Place, message: string): PosternError {
  return new PosternError('BAD_SITE', message, { at })
}

function framed(text: string, thrown: PosternError): PosternError {
  const frame = thrown.at === undefined ? undefined : codeFrame(text, thrown.at)
  if (frame === undefined || thrown.at === undefined) return thrown
  return new PosternError('BAD_SITE', `${thrown.message}\n${frame}`, { at: thrown.at })
}
