import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PosternError, type Place } from '../errors/postern-error.ts'

/** The config file of a site, as it was loaded. */
export interface ConfigFile {
  /** As messages name it, relative to the site: `postern.config.ts`. */
  readonly path: string
  readonly text: string
  readonly data: unknown
}

export const configNames = ['postern.config.ts', 'postern.config.js', 'postern.config.mjs'] as const

/** The site's config file by its name, or `undefined` where it has none. */
export function findConfig(root: string): string | undefined {
  return configNames.find((name) => existsSync(join(root, name)))
}

/** Loads the config file, if there is one; a broken one is BAD_SETTING. Once per process: a changed file is loaded by a new thread. */
export async function loadConfig(root: string): Promise<ConfigFile | undefined> {
  const path = findConfig(root)
  if (path === undefined) return undefined
  const file = join(root, path)
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown }
    return configFrom(path, readFileSync(file, 'utf8'), loaded.default)
  } catch (cause) {
    if (cause instanceof PosternError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new PosternError('BAD_SETTING', `${path} cannot be loaded: ${message}`, { cause, at: { file: path } })
  }
}

/** A config whose module was loaded elsewhere, by the site's thread for one. */
export function configFrom(path: string, text: string, data: unknown): ConfigFile {
  return { path, text, data }
}

/** The line where the last key of the path is first written after the keys above it; where it is not found, the file alone. */
export function placeOfSetting(file: ConfigFile, path: string): Place {
  const at = path.split('.').reduce((from, key) => {
    const found = from < 0 ? -1 : file.text.slice(from).search(keyPattern(key))
    return found < 0 ? -1 : from + found
  }, 0)
  return at < 0 ? { file: file.path } : { file: file.path, line: file.text.slice(0, at).split('\n').length }
}

function keyPattern(key: string): RegExp {
  return new RegExp(`(?<![\\w$])['"]?${key.replaceAll(/[^\w]/g, '\\$&')}['"]?\\s*:`)
}
