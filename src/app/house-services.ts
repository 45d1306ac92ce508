import { contentFor } from '../content/content-for.ts'
import type { ContentRoom } from '../content/room.ts'
import type { Log } from '../endpoint/call.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Observer } from '../observe/observer.ts'
import type { Services } from '../pipeline/ports.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { Actor, HouseServices } from '../thread/site.ts'

/** What built-in endpoints find in their hands. */
export function houseServices(room: () => ContentRoom, observer: Observer): Services {
  return {
    contentFor: (caller) => contentFor(room(), { caller }),
    contentAsSystem: (caller, reason, call) => {
      observer.note({
        kind: 'system.used',
        reason,
        operation: 'content',
        requestId: call.id,
        caller: callerName(caller),
      })
      return contentFor(room(), { caller, system: reason })
    },
    logFor: (call, endpoint) => logOf(observer, call, endpoint),
  }
}

/** What a site's own code may ask of the house: operations that need the writer, and log lines. */
export function siteServices(room: () => ContentRoom | Promise<ContentRoom>, observer: Observer): HouseServices {
  return {
    operate: async (operation, input, actor) => {
      if (actor.system !== undefined) noteSystem(observer, operation, actor)
      const { caller, system } = actor
      const asked = typeof input === 'object' && input !== null ? input : {}
      return (await room()).perform(operation, { ...asked }, system === undefined ? { caller } : { caller, system })
    },
    log: (line) => observer.note({ kind: 'site.log', ...line }),
  }
}

function noteSystem(observer: Observer, operation: string, { caller, system = '', requestId, endpoint }: Actor): void {
  observer.note({
    kind: 'system.used',
    reason: system,
    operation,
    caller: callerName(caller),
    ...(requestId === undefined ? {} : { requestId }),
    ...(endpoint === undefined ? {} : { endpoint }),
  })
}

function logOf(observer: Observer, call: RawCall, endpoint: Endpoint): Log {
  const line = (level: 'info' | 'warn' | 'error') => (message: string, facts?: Readonly<Record<string, unknown>>) =>
    observer.note({
      kind: 'site.log',
      level,
      message,
      requestId: call.id,
      endpoint: endpoint.id,
      ...(facts ? { facts } : {}),
    })
  return { info: line('info'), warn: line('warn'), error: line('error') }
}

/** A caller as logs name it: never more than a name. */
export function callerName(caller: Caller): string {
  return caller.kind === 'anonymous' ? 'anonymous' : `${caller.kind} ${caller.name}`
}
