import type { Outlook } from './outlook.ts'

/** What each caller may, in the order of the callers. */
export interface CallersAccess {
  readonly callers: readonly string[]
  readonly access: readonly Outlook[]
}

/** Who may more than before, as `<caller> <was> → <is>`. A role that was not there before counts as a user without it. */
export function gained(before: CallersAccess, now: CallersAccess): readonly string[] {
  const wasOf = (caller: string): Outlook | undefined => before.access[before.callers.indexOf(caller)]
  return now.callers.flatMap((caller, index) => {
    const was = wasOf(caller) ?? wasOf('user') ?? 'no'
    const is = now.access[index] ?? 'no'
    return rank[is] > rank[was] ? [`${caller} ${was} → ${is}`] : []
  })
}

const rank = { no: 0, maybe: 1, yes: 2 }
