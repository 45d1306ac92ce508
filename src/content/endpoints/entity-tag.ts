import type { Call } from '../../endpoint/call.ts'
import { PosternError } from '../../errors/postern-error.ts'

/** The version that an object must have to be changed, itself or its ties, as operations take it; nothing where any will do. */
export function expected(headers: Call['headers']): { readonly version?: number } {
  const version = versionOf(headers['if-match'])
  return version === undefined ? {} : { version }
}

/** The version of an object as HTTP speaks of it. */
export function entityTag(version: number): string {
  return `"v${version}"`
}

/** The version that an If-Match header asks for; `undefined` where any will do. Refuses what this server never gave. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const found = /^\s*"v(\d{1,15})"\s*$/.exec(ifMatch)
  if (found) return Number(found[1])
  throw new PosternError('STALE', 'If-Match names no version of this object.')
}
