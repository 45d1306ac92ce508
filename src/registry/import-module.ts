import { pathToFileURL } from 'node:url'
import { PosternError } from '../errors/postern-error.ts'
import { locateLoadError } from './locate-load-error.ts'

/**
 * How a site's modules are loaded. `version` makes a process that has loaded a file before load it afresh, with all that it
 * imports of the site; in a thread of its own all is fresh anyway. Failures come as BAD_SITE with the place to be mended.
 */
export function importerOf(
  root: string,
  version?: number,
): (file: string) => Promise<Readonly<Record<string, unknown>>> {
  return async (file) => {
    const url = pathToFileURL(file)
    if (version !== undefined) url.searchParams.set('v', String(version))
    try {
      return await inTime(import(url.href) as Promise<Readonly<Record<string, unknown>>>)
    } catch (thrown) {
      const { at, message, hint } = locateLoadError(root, file, thrown)
      const extras = { at, cause: thrown, ...(hint === undefined ? {} : { hint }) }
      throw new PosternError('BAD_SITE', `${at.file} cannot be loaded: ${message}`, extras)
    }
  }
}

/** ms */
const longestWait = 10_000

/** A module that waits at its top for what never comes would never be told of, and neither would any change after it. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`it, or what it imports, has waited at its top level for ${longestWait / 1000} s`)),
    longestWait,
  )
  try {
    return await Promise.race([loading, late])
  } finally {
    clearTimeout(timer)
  }
}
