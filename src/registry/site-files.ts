import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

export interface FoundFiles {
  /** Relative to the folder, with `/`, sorted. */
  readonly files: readonly string[]
  readonly problems: readonly SiteProblem[]
}

/**
 * The code files below a folder of the site (relative to its root). Names that begin with `_` or `.`, tests,
 * declarations and `node_modules` are not the site's endpoints; a link that leads out of the site is refused.
 */
export async function findCode(root: string, folder: string): Promise<FoundFiles> {
  const files: string[] = []
  const problems: SiteProblem[] = []
  await walk(folder, [join(root, folder)])
  return { files: files.sort(), problems }

  /** `chain`: the real folders it is in, so that a link back into one of them ends there. */
  async function walk(inside: string, chain: readonly string[]): Promise<void> {
    for (const entry of await entriesOf(join(root, inside))) {
      if (isIgnored(entry.name)) continue
      const path = `${inside}/${entry.name}`
      const target = entry.isSymbolicLink() ? await followLink(path, chain) : join(chain.at(-1) ?? root, entry.name)
      if (target === undefined) continue
      const kind = entry.isSymbolicLink() ? await stat(target) : entry
      if (kind.isDirectory()) await walk(path, [...chain, target])
      else if (kind.isFile() && isCode(entry.name)) files.push(path.slice(folder.length + 1))
    }
  }

  async function followLink(path: string, chain: readonly string[]): Promise<string | undefined> {
    const target = await realpath(join(root, path)).catch(() => undefined)
    const fault = faultOfLink(root, target, chain)
    if (fault === undefined) return target
    const hint = 'Move the file into the site, or remove the link.'
    problems.push(fatalProblem(root, { file: path }, { message: `${path} is a link ${fault}.`, hint }))
    return undefined
  }
}

function faultOfLink(root: string, target: string | undefined, chain: readonly string[]): string | undefined {
  if (target === undefined) return 'to nowhere'
  if (!isInside(root, target)) return 'that leads out of the site'
  return chain.includes(target) ? 'that leads back to where it is' : undefined
}

/** The folders directly in a folder of the site, sorted; links and hidden names left out. */
export async function findFolders(root: string, folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(join(root, folder))
  return entries
    .filter((entry) => entry.isDirectory() && !isIgnored(entry.name))
    .map((entry) => entry.name)
    .sort()
}

/** The one code file of that name (without its ending) in a folder of the site, relative to the root. */
export async function findModule(root: string, path: string): Promise<string | undefined> {
  const at = path.lastIndexOf('/')
  const names = new Set((await entriesOf(join(root, path.slice(0, at)))).map((entry) => entry.name))
  const name = codeEndings.map((ending) => path.slice(at + 1) + ending).find((one) => names.has(one))
  return name === undefined ? undefined : `${path.slice(0, at)}/${name}`
}

export function isInside(root: string, file: string): boolean {
  const path = relative(root, file)
  return path !== '..' && !path.startsWith(`..${sep}`) && path !== ''
}

const codeEndings = ['.ts', '.mts', '.js', '.mjs'] as const

export function isCode(name: string): boolean {
  return codeEndings.some((ending) => name.endsWith(ending)) && !/\.(?:d|test|spec|test-d)\.m?[tj]s$/.test(name)
}

function isIgnored(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.') || name === 'node_modules'
}

/** A folder that is not there has nothing in it. */
async function entriesOf(folder: string): Promise<import('node:fs').Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))
      return []
    throw thrown
  }
}
