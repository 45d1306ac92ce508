import { contentFor } from '../content/content-for.ts'
import type { ContentRoom } from '../content/room.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Observer } from '../observe/observer.ts'
import type { Services } from '../pipeline/ports.ts'
import { askingFor } from '../store/asker.ts'
import type { HouseServices } from '../thread/site.ts'
import { writeLog } from './write-log.ts'
import { namesRegistered, type QueryNames } from './query-names.ts'

/** Told whenever somebody goes around the rules: before the content is handed out, so that even a read leaves its trace. */
export type NoteSystem = (use: {
  readonly reason: string
  readonly caller: Caller
  readonly requestId: string
  readonly endpoint: string
}) => void

interface ServicesOptions {
  readonly room: () => ContentRoom
  readonly observer: Observer
  readonly noteSystem: NoteSystem
  readonly names: () => QueryNames
}

/** What built-in endpoints find in their hands. */
export function houseServices(options: ServicesOptions & { readonly attends: boolean }): Services {
  const { room, observer, noteSystem, attends } = options
  return {
    ...(attends ? { attend: askingFor } : {}),
    contentFor: (caller) => contentFor(room(), { caller }),
    contentAsSystem: (caller, reason, call) => {
      noteSystem({ reason, caller, requestId: call.id, endpoint: call.path })
      return contentFor(room(), { caller, system: reason })
    },
    logFor: (call, endpoint) => writeLog(call, endpoint, (line) => observer.note({ kind: 'site.log', ...line })),
  }
}

/** What a site's own code may ask of the house: operations that need the writer, a trace of system use, query names, log lines. */
export function siteServices({ room, observer, noteSystem, names }: ServicesOptions): HouseServices {
  return {
    operate: async (operation, input, { caller, system, requestId = '', endpoint = '' }) => {
      if (operation === systemUsed) return noteSystem({ reason: system ?? '', caller, requestId, endpoint })
      if (operation === namesRegistered) return names().learn(input as Parameters<QueryNames['learn']>[0])
      const asked = typeof input === 'object' && input !== null ? input : {}
      return room().perform(operation, { ...asked }, system === undefined ? { caller } : { caller, system })
    },
    log: (line) => observer.note({ kind: 'site.log', ...line }),
  }
}

/** The name under which a site's thread says that `asSystem` was called; no content operation can be called that. */
export const systemUsed = 'asSystem'

/** A caller as logs name it: never more than a name. */
export function callerName(caller: Caller): string {
  return caller.kind === 'anonymous' ? 'anonymous' : `${caller.kind} ${caller.name}`
}
