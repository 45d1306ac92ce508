import type { Exposure } from '../registry/site-folder.ts'
import type { ShownBuiltins } from './site.ts'

/** The part of an exposure that can cross from the site's thread: its data, without its functions. */
export function exposureData(exposure: Exposure | undefined): ShownBuiltins | undefined {
  if (exposure === undefined) return undefined
  const { blacklist, whitelistTypes, allowedObjectsUrlPath, allowedUrlParams, replacesUrlParams } = exposure
  return { blacklist, whitelistTypes, allowedObjectsUrlPath, allowedUrlParams, replacesUrlParams }
}
