import type { Call } from '../endpoint/call.ts'
import type { Definition, Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Answer } from '../pipeline/answer.ts'
import type { Awaitable } from '../errors/awaitable.ts'
import { LiveCall } from '../pipeline/live-call.ts'
import { parseQuery } from '../pipeline/query-string.ts'
import { perform } from '../pipeline/run.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { Stage } from '../pipeline/stage.ts'
import type { HookDefinition } from '../registry/site-folder.ts'
import type { SiteCode } from './site-code.ts'
import type { HookedCall, HookRecord, WhenAsked } from './site.ts'

/** Runs a loaded site's code, in the house or in a thread: the same in both. */
export interface SiteRuntime {
  readonly records: readonly Endpoint[]
  readonly hooks: readonly HookRecord[]
  readonly whenNames: readonly string[]
  readonly perform: (endpointId: string, call: RawCall, at: Stage) => Awaitable<Answer>
  readonly before: (hookId: string, call: HookedCall, at: Stage) => Promise<void>
  readonly after: (
    hookId: string,
    asked: { readonly call: HookedCall; readonly result: unknown },
    at: Stage,
  ) => Promise<unknown>
  readonly decide: (name: string, facts: WhenAsked) => Promise<boolean | Rule>
  readonly operationHook: (name: string, input: unknown) => Promise<unknown>
}

export function createRuntime(code: SiteCode): SiteRuntime {
  const { definitions, hooks, whenFunctions } = code.loaded
  const byId = new Map<string, Definition>(definitions.map((one) => [one.record.id, one]))
  const hooksById = new Map<string, HookDefinition>(hooks.map((one) => [one.id, one]))
  return {
    records: definitions.map((one) => one.record),
    hooks: hooks.map(recordOfHook),
    whenNames: [...whenFunctions.keys()],
    perform: (endpointId, call, at) => {
      const definition = byId.get(endpointId)
      if (!definition) throw new PosternError('NOT_FOUND', 'This endpoint is no longer there.')
      const { attend } = at.services
      if (attend === undefined) return perform(definition, call, at)
      return attend(
        () => at.abort.signal,
        () => perform(definition, call, at),
      )
    },
    before: async (hookId, call, at) => {
      at.began?.()
      await hooksById.get(hookId)?.before?.(hookCall(call, at))
    },
    after: async (hookId, { call, result }, at) => {
      at.began?.()
      return (await hooksById.get(hookId)?.after?.(hookCall(call, at), result)) ?? result
    },
    // A rule is plain data: what else a function gives does not cross into the house, and denies.
    decide: async (name, facts) => structuredClone((await whenFunctions.get(name)?.(facts)) ?? false),
    operationHook: async (name, input) =>
      must(code.operationHooks.get(name), `the operation hook ${name} was announced`)(input),
  }
}

function recordOfHook(hook: HookDefinition): HookRecord {
  const stages = (['before', 'after'] as const).filter((stage) => hook[stage] !== undefined)
  return { id: hook.id, on: hook.on, order: hook.order, stages }
}

/** A hook around a built-in sees the call as the house validated it, with the services of its own room. */
function hookCall({ raw, endpoint, params, query, body }: HookedCall, at: Stage): Call {
  return new LiveCall({
    raw,
    record: houseRecord(endpoint, raw),
    at,
    plainQuery: parseQuery(raw.search),
    params,
    query,
    body,
  })
}

function houseRecord(id: string, raw: RawCall): Endpoint {
  const origin = { file: '' }
  return {
    id,
    methods: [raw.method],
    path: raw.path,
    source: 'builtin',
    origin,
    place: 'house',
    schemas: {},
    timeout: 0,
    bodyLimit: 0,
  }
}
