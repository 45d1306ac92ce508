import type { Endpoint } from '../endpoint/record.ts'

/** Name → absolute URL of what the site exposes, sorted by name; `base` is such as `https://example.org`. */
export function siteIndex(endpoints: readonly Endpoint[], base: string): Readonly<Record<string, string>> {
  const exposed = endpoints.flatMap(({ indexed, path }) =>
    indexed === undefined ? [] : [[indexed, base + path] as const],
  )
  return Object.fromEntries(exposed.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
