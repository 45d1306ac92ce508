import type { WhenFunction } from '../rules/allow.ts'
import type { Loaded, SiteProblem } from './site-folder.ts'

/** What several sources found, as one; whoever comes later wins where a name can stand only once. */
export function mergeLoaded(parts: readonly Partial<Loaded>[]): Loaded {
  const exposure = parts.findLast((part) => part.exposure)?.exposure
  return {
    definitions: parts.flatMap((part) => part.definitions ?? []),
    hooks: parts.flatMap((part) => part.hooks ?? []),
    whenFunctions: new Map<string, WhenFunction>(parts.flatMap((part) => [...(part.whenFunctions ?? [])])),
    problems: parts.flatMap((part) => part.problems ?? []),
    types: parts.flatMap((part) => part.types ?? []),
    packages: parts.flatMap((part) => part.packages ?? []),
    ...(exposure === undefined ? {} : { exposure }),
  }
}

export function onlyProblems(...problems: readonly SiteProblem[]): Partial<Loaded> {
  return { problems }
}
