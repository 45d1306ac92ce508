import { readFile, realpath } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PosternError } from '../../errors/postern-error.ts'
import { resolvePosternFor } from '../resolve-postern.ts'
import { findFolders, findModule } from '../site-files.ts'
import type { SiteFolder, SiteProblem } from '../site-folder.ts'
import { fatalProblem } from '../site-problem.ts'
import { isRecord } from '../is-record.ts'

/** Where an addon lies: a folder of `addons/`, or a package that the site has installed. */
export interface AddonPlace {
  /** The folder's or the package's name; the site's settings go by it. */
  readonly name: string
  /** Absolute. */
  readonly root: string
  /** Relative to the root; absent: it has rooms but says nothing of itself. */
  readonly entry: string | undefined
  /** What stands before its files' names when the site speaks of them: `addons/shop/`. */
  readonly prefix: string
  /** It is installed: not among the site's own files. */
  readonly isPackage: boolean
}

/** Every folder in `addons/`, and every package that `addons` in the config names. */
export async function findAddons(
  site: SiteFolder,
): Promise<{ readonly places: readonly AddonPlace[]; readonly problems: readonly SiteProblem[] }> {
  const folders = await findFolders(site.root, 'addons')
  const packages = Object.keys(site.settings.addons).filter((name) => !folders.includes(name))
  const found = await Promise.all(packages.map((name) => findPackage(site, name)))
  const missing = packages.filter((_, index) => found[index] === undefined)
  return {
    places: [
      ...(await Promise.all(folders.map((name) => inFolder(site, name)))),
      ...found.filter((place) => place !== undefined),
    ],
    problems: missing.map((name) => notFound(site, name)),
  }
}

/** What fails to load is told by its place in the addon: what names an addon's files puts its prefix before them. */
export function importerWithin(site: SiteFolder, root: string): SiteFolder['importModule'] {
  return async (file) => {
    try {
      return await site.importModule(file)
    } catch (thrown) {
      if (!(thrown instanceof PosternError) || thrown.at === undefined) throw thrown
      const { code, message, at, hint, cause } = thrown
      const within = relative(root, resolve(site.root, at.file)).split(sep).join('/')
      throw new PosternError(code, message.replaceAll(site.root + sep, ''), {
        at: { ...at, file: within },
        hint,
        cause,
      })
    }
  }
}

async function inFolder(site: SiteFolder, name: string): Promise<AddonPlace> {
  const root = join(site.root, 'addons', name)
  const entry =
    (await findModule(site.root, `addons/${name}/index`)) ?? (await findModule(site.root, `addons/${name}/addon`))
  return { name, root, entry: entry?.slice(`addons/${name}/`.length), prefix: `addons/${name}/`, isPackage: false }
}

async function findPackage(site: SiteFolder, name: string): Promise<AddonPlace | undefined> {
  if (!/^(?:@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) return undefined
  const file = locate(site.root, name)
  if (file === undefined) return undefined
  const root = await realpath(dirname(file))
  resolvePosternFor(root)
  const entry = entryOf(JSON.parse(await readFile(file, 'utf8')))
  return { name, root, entry, prefix: `${relative(site.root, root).split(sep).join('/')}/`, isPackage: true }
}

function locate(root: string, name: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(join(root, 'postern.config.ts')))
  } catch {
    return undefined
  }
}

/** The package's main module, as its package.json names it. */
function entryOf(data: unknown): string {
  const { exports, main } = isRecord(data) ? data : {}
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports
  return (targetOf(root) ?? (typeof main === 'string' ? main : 'index.js')).replace(/^\.\//, '')
}

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (!isRecord(target)) return undefined
  return targetOf(target.node) ?? targetOf(target.import) ?? targetOf(target.default)
}

function notFound(site: SiteFolder, name: string): SiteProblem {
  const message = `addons names "${name}", but there is neither a folder addons/${name} nor an installed package of that name.`
  return fatalProblem(
    site.root,
    { file: 'postern.config.ts' },
    { code: 'BAD_SETTING', message, hint: `Run npm install ${name}, or take it out of the config.` },
  )
}
