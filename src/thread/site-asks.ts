import type { Rule } from '../endpoint/rule.ts'
import type { Answer } from '../pipeline/answer.ts'
import { plainCall } from './crossed-call.ts'
import type { Task } from './pending.ts'
import { toResultData } from './result-data.ts'
import type { HookedCall, Site } from './site.ts'

/** Puts a task before a site's thread, and promises what comes of it. */
export type Ask = <T>(task: Task, leaving?: () => AbortSignal) => Promise<T>

export type SiteAsks = Pick<Site, 'perform' | 'before' | 'after' | 'decide' | 'operationHook'>

/** All that can be asked of a site, as tasks. */
export function asksOf(ask: Ask): SiteAsks {
  return {
    perform: (endpointId, call, leaving) => ask<Answer>({ endpointId, call }, leaving),
    before: async (name, call) => {
      await ask({ work: { kind: 'before', name, call: plainHooked(call) } })
    },
    after: (name, call, result) =>
      ask({ work: { kind: 'after', name, call: plainHooked(call), result: toResultData(result) } }),
    decide: (name, input) => ask<boolean | Rule>({ work: { kind: 'decide', name, input } }),
    operationHook: (name, input) => ask({ work: { kind: 'operation', name, input } }),
  }
}

function plainHooked(call: HookedCall): HookedCall {
  return { ...call, raw: plainCall(call.raw) }
}
