import { PosternError, placeText } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { openInlineSite } from '../thread/inline-site.ts'
import type { SiteAsked } from '../thread/site-code.ts'
import type { HouseServices, Site } from '../thread/site.ts'
import { loadSiteCode } from './load-site-code.ts'

export interface SiteOptions {
  readonly asked: SiteAsked
  readonly mode: 'dev' | 'start' | 'command'
  readonly observer: Observer
  readonly house: HouseServices
  /** Makes the house ready for this state of the site; only then it serves. */
  readonly furnish: (site: Site) => Promise<void>
  /** The changed site cannot be opened; the last good one goes on. */
  readonly broken: (problems: readonly SiteProblem[]) => void
}

/** Keeps one state of the site serving, and the next ready to take over. */
export interface SiteKeeper {
  readonly close: (grace: number) => Promise<void>
}

/** Opens the site for the first time; whatever keeps it from opening is thrown, all of it in one message. */
export async function openSite({ asked, house, furnish }: SiteOptions): Promise<SiteKeeper> {
  const opening = await openInlineSite({ asked, house, load: loadSiteCode })
  if ('broken' in opening) throw brokenSite(opening.broken)
  await furnish(opening.site)
  return opening.site
}

export function brokenSite(problems: readonly SiteProblem[]): PosternError {
  const fatal = problems.filter((problem) => problem.fatal)
  const texts = fatal.map((problem) =>
    [`${placeText(problem.at)}: ${problem.message}`, problem.frame, problem.hint].filter(Boolean).join('\n'),
  )
  const at = fatal[0]?.at
  return new PosternError('BAD_SITE', texts.join('\n\n'), at ? { at } : {})
}
