import type { OperationEvent, OperationHooks } from '../content/operation-hooks.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import { matchesPattern } from '../registry/attach-hooks.ts'
import type { HookedCall, HookRecord, Site } from '../thread/site.ts'

/**
 * A site's hooks on content itself (`on: 'content:objects.create'`), whoever asks for the operation: an endpoint, a handler,
 * a manifest, an import. What they get looks like a call: `params` names type and id, `body` holds the fields.
 */
export function contentHooks(site: Site): OperationHooks {
  const known = new Map<string, readonly HookRecord[]>()
  const hooksOf = (operation: string): readonly HookRecord[] => {
    const found = known.get(operation) ?? hooksOn(site, `content:${operation}`)
    known.set(operation, found)
    return found
  }
  return {
    has: (operation) => hooksOf(operation).length > 0,
    before: async (event) => {
      for (const hook of hooksOf(event.operation))
        if (hook.stages.includes('before')) await site.before(hook.id, callOf(event))
    },
    after: async (event, result) => {
      let told = result
      for (const hook of hooksOf(event.operation)) {
        if (hook.stages.includes('after')) told = (await site.after(hook.id, callOf(event), told)) ?? told
      }
      return told
    },
  }
}

function hooksOn(site: Site, name: string): readonly HookRecord[] {
  const matching = site.hooks.filter(({ on }) => on.startsWith('content:') && matchesPattern(on, name))
  const last = new Map(matching.map((hook) => [hook.id, hook]))
  return [...last.values()].sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1))
}

function callOf(event: OperationEvent): HookedCall {
  const endpoint = `content:${event.operation}`
  const params = event.id === undefined ? { type: event.type } : { type: event.type, id: event.id }
  const raw: RawCall = {
    id: endpoint,
    method: 'POST',
    path: endpoint,
    url: endpoint,
    params: {},
    search: '',
    headers: {},
    mediaType: '',
    body: undefined,
    caller: event.actor.caller,
  }
  return { raw, endpoint, params, query: {}, body: event.fields }
}
