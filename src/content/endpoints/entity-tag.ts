import { PosternError } from '../../errors/postern-error.ts'

/** The version of an object as HTTP speaks of it. */
export function entityTag(version: number): string {
  return `"v${version}"`
}

/** The version that an If-Match header asks for; `undefined` where any will do. Refuses what this server never gave. */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const found = /^\s*"v(\d{1,15})"\s*$/.exec(ifMatch)
  if (found) return Number(found[1])
  throw new PosternError('STALE', 'If-Match names no version of this object.')
}
