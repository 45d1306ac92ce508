import { Cancel } from '../pipeline/cancel.ts'
import type { Stage } from '../pipeline/stage.ts'
import type { LoadSite, SiteAsked, SiteCode } from './site-code.ts'
import { createRuntime } from './site-runtime.ts'
import { exposureData } from './exposure-data.ts'
import type { HouseServices, Opening, Site } from './site.ts'

export interface InlineOptions {
  readonly asked: SiteAsked
  readonly house: HouseServices
  readonly load: LoadSite
}

/**
 * Opens a site in the house itself: no hop, and no wall. Each load imports the site's modules under a new query (`?v=2`),
 * because modules once imported cannot be dropped: memory grows by some 40 kB with each change to a file.
 */
export async function openInlineSite(options: InlineOptions): Promise<Opening> {
  const outcome = await options.load({ version: ++loads, ...options.asked }, options.house)
  return 'broken' in outcome ? outcome : { site: siteOf(outcome.code) }
}

let loads = 0

function siteOf(code: SiteCode): Site {
  const runtime = createRuntime(code)
  const stage = (leaving?: () => AbortSignal): Stage => new InlineStage(code, leaving)
  return {
    records: runtime.records,
    types: code.types,
    exposure: exposureData(code.loaded.exposure),
    hooks: runtime.hooks,
    whenNames: runtime.whenNames,
    packages: code.loaded.packages ?? [],
    problems: code.loaded.problems,
    settings: code.settings,
    perform: (endpointId, call, leaving) => runtime.perform(endpointId, call, stage(leaving)),
    before: (hookId, call) => runtime.before(hookId, call, stage()),
    after: (hookId, call, result) => runtime.after(hookId, { call, result }, stage()),
    decide: runtime.decide,
    operationHook: runtime.operationHook,
    close: async () => code.close(),
  }
}

class InlineStage implements Stage {
  readonly services: Stage['services']
  readonly abort: Stage['abort']

  constructor(code: SiteCode, leaving: (() => AbortSignal) | undefined) {
    this.services = code.services
    this.abort = leaving ? new CancelOrLeave(leaving) : new Cancel()
  }
}

/** Aborted by the road, or by the client's leaving; either is looked at only when a handler looks. */
class CancelOrLeave extends Cancel {
  readonly #leaving: () => AbortSignal
  #both: AbortSignal | undefined

  constructor(leaving: () => AbortSignal) {
    super()
    this.#leaving = leaving
  }

  override get signal(): AbortSignal {
    return (this.#both ??= AbortSignal.any([super.signal, this.#leaving()]))
  }
}
