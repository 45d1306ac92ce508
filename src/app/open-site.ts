import { join, sep } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { typesFile } from '../describe/types-file.ts'
import { PosternError, placeText } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { keepInline } from '../thread/inline-keeper.ts'
import type { SiteAsked } from '../thread/site-code.ts'
import type { HouseServices, Site } from '../thread/site.ts'
import { superviseSite, type Supervised, type Supervisor, type Swap } from '../thread/supervisor.ts'
import { watchSite } from '../thread/watch-site.ts'
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
  /** The changed site serves. */
  readonly swapped: (swap: Swap) => void
}

/** Keeps one state of the site serving, and the next ready to take over. */
export type SiteKeeper = Pick<Supervisor, 'close' | 'faults' | 'switchedOff'>

/** Opens the site for the first time; whatever keeps it from opening is thrown, all of it in one message. */
export async function openSite(options: SiteOptions): Promise<SiteKeeper> {
  if (options.mode !== 'dev') return keeperOf(await supervised(options))
  const { root } = options.asked
  const opened = Promise.withResolvers<Supervisor>()
  let dataDir = join(root, 'data')
  // Looking through the folders takes as long as loading the site: both begin at once, and a change in between is kept.
  const watching = watchSite({
    root,
    apart: [dataDir, join(root, typesFile)],
    changed: async (files) => {
      const keeper = await opened.promise
      const code = files.filter((file) => !join(root, file).startsWith(dataDir + sep))
      if (code.length > 0) await keeper.reload(code)
    },
  })
  const furnish = async (site: Site) => {
    dataDir = (site.settings as Settings).dataDir
    await watching.follow(site.packages)
    await options.furnish(site)
  }
  try {
    const keeper = keeperOf(await supervised({ ...options, furnish }))
    await watching.ready
    opened.resolve(keeper)
    return { ...keeper, close: async (grace) => (await watching.end(), keeper.close(grace)) }
  } catch (thrown) {
    await watching.ready
    await watching.end()
    throw thrown
  }
}

/** In a thread, but where the site, the command line or the kind of command says otherwise. */
async function supervised(options: SiteOptions): Promise<Supervised> {
  const inline = { ...options, load: loadSiteCode }
  const { mode, asked, furnish } = options
  if (mode === 'command' || isolationSaid(asked) === 'inline') return keepInline(inline)
  let wantsInline = false
  let serves = false
  const opened = superviseSite({
    ...options,
    furnish: async (site) => {
      wantsInline = !serves && (site.settings as Settings).isolation === 'inline'
      if (wantsInline) throw new Error('The site wants to run in the house')
      await furnish(site)
      serves = true
    },
    readLimits: (settings) => {
      const { thread, dataDir } = settings as Settings
      return { ...thread, dataDir }
    },
    spare: mode === 'dev',
    grace,
  })
  return opened.catch((thrown: unknown) => {
    if (wantsInline) return keepInline(inline)
    throw thrown
  })
}

/** ms that calls of a replaced thread get to finish. */
const grace = 30_000

/** What the command line or the environment says; the config file is read only in the thread. */
function isolationSaid({ flags, env }: SiteAsked): string | undefined {
  return flags['isolation'] ?? env['POSTERN_ISOLATION']
}

function keeperOf(opened: Supervised): Supervisor {
  if ('broken' in opened) throw brokenSite(opened.broken)
  return opened.supervisor
}

/** Everything that is wrong in one message; a hint that goes for all of it is the error's own. */
export function brokenSite(problems: readonly SiteProblem[]): PosternError {
  const fatal = problems.filter((problem) => problem.fatal)
  const hints = new Set(fatal.map(({ hint }) => hint))
  const [shared] = hints.size === 1 ? hints : []
  const texts = fatal.map(({ at, message, frame, hint }) => {
    const place = at.file === '.' ? '' : `${placeText(at)}: `
    return [place + message, frame, hint === shared ? undefined : hint].filter(Boolean).join('\n')
  })
  const at = fatal[0]?.at
  return new PosternError('BAD_SITE', texts.join('\n\n'), {
    ...(at === undefined || at.file === '.' ? {} : { at }),
    ...(shared === undefined ? {} : { hint: shared }),
  })
}
