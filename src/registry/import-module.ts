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
      return (await import(url.href)) as Readonly<Record<string, unknown>>
    } catch (thrown) {
      const { at, message, hint } = locateLoadError(root, file, thrown)
      const extras = { at, cause: thrown, ...(hint === undefined ? {} : { hint }) }
      throw new PosternError('BAD_SITE', `${at.file} cannot be loaded: ${message}`, extras)
    }
  }
}
