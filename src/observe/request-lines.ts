import type { Observation } from './observation.ts'

/** Which finished requests get a line of their own. */
export type RequestLines = 'all' | 'failed' | 'none'

export function isWanted(seen: Observation, lines: RequestLines): boolean {
  if (seen.kind !== 'request.done' || lines === 'all') return true
  return lines === 'failed' && seen.status >= 400
}
