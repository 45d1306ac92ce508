import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findConfig } from '../config/config-file.ts'
import { settingRows } from '../config/setting-rows.ts'
import type { Config } from '../config/settings.ts'

export interface FolderOptions {
  /** An existing site: copied, so that a test may change it. */
  readonly folder?: string | URL
  /** Path to text, on top of the folder or on their own. */
  readonly files?: Readonly<Record<string, string>>
  /** As in the config file. */
  readonly settings?: Config
}

/** A site's folder with a data folder beside it, both thrown away by `remove`. */
export interface TestFolder {
  readonly root: string
  readonly dataDir: string
  /** The settings that could not be written into a config file, as environment. */
  readonly env: Readonly<Record<string, string>>
  readonly write: (path: string, text: string) => void
  readonly erase: (path: string) => void
  readonly remove: () => void
}

export function makeFolder({ folder, files = {}, settings = {} }: FolderOptions): TestFolder {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'postern-test-')))
  const root = join(base, 'site')
  mkdirSync(root)
  if (folder !== undefined)
    cpSync(folder instanceof URL ? fileURLToPath(folder) : resolve(folder), root, { recursive: true, filter: isSource })

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }

  for (const [path, text] of Object.entries(files)) write(path, text)
  const hasConfig = findConfig(root) !== undefined
  if (!hasConfig) write('postern.config.ts', `export default ${JSON.stringify(settings)}\n`)
  return {
    root,
    dataDir: join(base, 'data'),
    env: hasConfig ? asEnvironment(settings) : {},
    write,
    erase: (path) => rmSync(join(root, path), { recursive: true }),
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** Neither data of a site in use nor what npm put there; packages are still found from where the site was. */
function isSource(path: string): boolean {
  return !/[\\/](node_modules|data|data\.new)$/.test(path) || !existsSync(path)
}

function asEnvironment(settings: Config): Record<string, string> {
  const said = settingRows.flatMap(({ path, env }) => {
    const value = path.split('.').reduce<unknown>(inside, settings)
    if (value === undefined) return []
    if (env === undefined) throw new Error(`${path} cannot be said beside a config file: write it there.`)
    return [[env, Array.isArray(value) ? value.join(',') : JSON.stringify(value).replace(/^"(.*)"$/, '$1')]]
  })
  return Object.fromEntries(said) as Record<string, string>
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
}
