import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../../errors/postern-error.ts'
import { findFolders, findModule } from '../site-files.ts'
import type { SiteFolder, SiteProblem, TypeFacts } from '../site-folder.ts'
import { fatalProblem, thrownProblem } from '../site-problem.ts'
import { ManifestTextError, readManifestText, type ManifestText } from './manifest-text.ts'

/**
 * A module's folder, read: `modules/members`, or `modules/books/authors`, which is addressed as `books-authors`. A folder
 * inside a module is one only if it has a manifest; otherwise it is where the module keeps its own code.
 */
export interface Module {
  readonly name: string
  readonly folder: string
  /** The object type it speaks of. */
  readonly type: TypeFacts | undefined
  /** What its code exports; nothing where it has none. */
  readonly exported: Readonly<Record<string, unknown>>
  readonly codeFile: string
  readonly codeText: string
  readonly manifestFile: string
  readonly manifest: ManifestText | undefined
}

export interface FoundModules {
  readonly modules: readonly Module[]
  readonly problems: readonly SiteProblem[]
}

/** All modules of a site, with what is wrong with their files. */
export async function readModules(site: SiteFolder): Promise<FoundModules> {
  const found = await Promise.all((await foldersOf(site)).map((folder) => readModule(site, folder)))
  return { modules: found.flatMap((one) => one.modules), problems: found.flatMap((one) => one.problems) }
}

async function foldersOf(site: SiteFolder): Promise<readonly string[]> {
  const parents = await findFolders(site.root, 'modules')
  const nested = await Promise.all(
    parents.map(async (parent) =>
      (await findFolders(site.root, `modules/${parent}`)).map((child) => `${parent}/${child}`),
    ),
  )
  return [...parents, ...nested.flat()].sort()
}

async function readModule(site: SiteFolder, folder: string): Promise<FoundModules> {
  const path = `modules/${folder}`
  const own = folder.split('/').at(-1) ?? folder
  const manifestFile = `${path}/api.json`
  const text = await readFile(join(site.root, manifestFile), 'utf8').catch(() => undefined)
  const codeFile = await findModule(site.root, `${path}/${own}`)
  if (text === undefined && (codeFile === undefined || folder.includes('/'))) return { modules: [], problems: [] }
  const name = folder.replace('/', '-')
  const refused = refusedName(site, name, path)
  if (refused) return { modules: [], problems: [refused] }
  const problems: SiteProblem[] = []
  const module: Module = {
    name,
    folder: path,
    type: site.types.find((type) => type.name === own || type.plural === own),
    ...(await readCode(site, codeFile, problems)),
    codeFile: codeFile ?? `${path}/${own}.ts`,
    manifestFile,
    manifest: text === undefined ? undefined : readManifest(site, { text, file: manifestFile }, problems),
  }
  return { modules: problems.length > 0 ? [] : [module], problems }
}

/** A module stands at the root of all paths, so it cannot take the names that the server has there. */
function refusedName(site: SiteFolder, name: string, file: string): SiteProblem | undefined {
  const taken = [site.settings.api.base.split('/')[1], 'explorer', 'healthz', 'readyz']
  if (/^[a-z0-9][\w-]*$/i.test(name) && !taken.includes(name)) return undefined
  const message = taken.includes(name)
    ? `A module cannot be called "${name}": the server has that path.`
    : `"${name}" cannot be the name of a module.`
  return fatalProblem(site.root, { file }, { message, hint: 'Use letters, digits and "_".' })
}

async function readCode(
  site: SiteFolder,
  file: string | undefined,
  problems: SiteProblem[],
): Promise<Pick<Module, 'exported' | 'codeText'>> {
  if (file === undefined) return { exported: {}, codeText: '' }
  try {
    const exported = await site.importModule(join(site.root, file))
    return { exported, codeText: await readFile(join(site.root, file), 'utf8') }
  } catch (thrown) {
    problems.push(thrownProblem(site.root, file, thrown))
    return { exported: {}, codeText: '' }
  }
}

function readManifest(
  site: SiteFolder,
  { text, file }: { text: string; file: string },
  problems: SiteProblem[],
): ManifestText | undefined {
  const fail = (at: Place, message: string): undefined => {
    problems.push(fatalProblem(site.root, at, { message: `${file} is not a manifest: ${message}` }))
    return undefined
  }
  try {
    const manifest = readManifestText(text)
    const isObject = typeof manifest.value === 'object' && manifest.value !== null && !Array.isArray(manifest.value)
    return isObject
      ? manifest
      : fail({ file, line: 1, column: 1 }, 'an object with an entry for each endpoint is expected.')
  } catch (thrown) {
    if (thrown instanceof ManifestTextError) return fail({ file, ...thrown.position }, thrown.message)
    throw thrown
  }
}
