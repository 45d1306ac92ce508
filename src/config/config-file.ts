import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../errors/postern-error.ts'

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

/** A config whose module was loaded where the site's code is. */
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
