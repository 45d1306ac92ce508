import type { SiteProblem } from '../registry/site-folder.ts'
import { dropEarly } from './early-worker.ts'
import { openInlineSite, type InlineOptions } from './inline-site.ts'
import { problemOfThrown } from './problem-of-thrown.ts'
import type { Site } from './site.ts'
import type { Supervised, Supervisor, SupervisorOptions } from './supervisor.ts'

type KeeperOptions = InlineOptions & Pick<SupervisorOptions, 'furnish' | 'broken' | 'swapped'>

/** The same office as the supervisor's for a site that runs in the house: a changed site is swapped in, but nothing is contained. */
export async function keepInline(options: KeeperOptions): Promise<Supervised> {
  void dropEarly()
  const opening = await openInlineSite(options)
  if ('broken' in opening) return opening
  try {
    await options.furnish(opening.site)
  } catch (thrown) {
    await opening.site.close(0)
    throw thrown
  }
  return { supervisor: new InlineKeeper(opening.site, options) }
}

class InlineKeeper implements Supervisor {
  readonly #options: KeeperOptions
  #serving: Site
  #turn: Promise<void> = Promise.resolve()

  constructor(serving: Site, options: KeeperOptions) {
    this.#serving = serving
    this.#options = options
  }

  readonly reload: Supervisor['reload'] = (changed) => {
    this.#turn = this.#turn.then(() => this.#replace(changed))
    return this.#turn
  }

  readonly faults: Supervisor['faults'] = () => []
  readonly switchedOff: Supervisor['switchedOff'] = () => []

  readonly close: Supervisor['close'] = async (grace) => {
    await this.#turn
    await this.#serving.close(grace)
  }

  async #replace(changed: readonly string[] | undefined): Promise<void> {
    const { broken, furnish, swapped } = this.#options
    const started = performance.now()
    const opening = await this.#open()
    if ('broken' in opening) return broken(opening.broken)
    const old = this.#serving
    try {
      await furnish(opening.site)
    } catch (thrown) {
      await opening.site.close(0)
      return broken([problemOfThrown(thrown)])
    }
    this.#serving = opening.site
    swapped({ ms: performance.now() - started, ...(changed ? { changed } : {}) })
    setTimeout(() => void old.close(0), lastCalls).unref()
  }

  async #open(): Promise<{ readonly site: Site } | { readonly broken: readonly SiteProblem[] }> {
    try {
      return await openInlineSite(this.#options)
    } catch (thrown) {
      return { broken: [problemOfThrown(thrown)] }
    }
  }
}

/** ms that calls of the state before may go on using its connections. */
const lastCalls = 60_000
