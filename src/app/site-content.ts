import { contentFor } from '../content/content-for.ts'
import type { TypeData } from '../content/define-type.ts'
import { declaredReason } from '../content/operation-handler.ts'
import { createContentRoom, schemaOf, type ContentRoom } from '../content/room.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Content } from '../endpoint/content.ts'
import type { Services } from '../pipeline/ports.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { WhenFunction } from '../rules/allow.ts'
import { parseVerdict } from '../rules/parse.ts'
import { saidCondition } from '../rules/to-condition.ts'
import { askingFor } from '../store/asker.ts'
import { openReader, type StoreLocation } from '../store/open.ts'
import type { Reader } from '../store/port.ts'
import type { HouseServices } from '../thread/site.ts'
import { systemUsed } from './house-services.ts'
import { writeLog } from './write-log.ts'

interface SiteContentOptions {
  readonly types: readonly TypeData[]
  readonly house: HouseServices
  readonly database: StoreLocation
  readonly whenFunctions: ReadonlyMap<string, WhenFunction>
}

/** Content as a site's own code meets it: reads on a connection of its own, opened when first needed; writes sent to the house. */
export function siteContent(options: SiteContentOptions): {
  readonly services: Services
  readonly close: () => Promise<void>
} {
  const { house, types, database, whenFunctions } = options
  let opening: Promise<AsyncDisposable & { read: Reader }> | undefined
  const reader = () => (opening ??= openReader(database, [schemaOf(types)]))
  const room: ContentRoom = createContentRoom({
    types,
    read: {
      rows: async (plan) => (await reader()).read.rows(plan),
      first: async (plan) => (await reader()).read.first(plan),
      count: async (plan, limit) => (await reader()).read.count(plan, limit),
    },
    forward: (operation, input, actor) => house.operate(operation, input, actor),
    decide: async (name, { caller }) => {
      const said = await whenFunctions.get(name)?.({ caller, params: {}, method: '', path: '' })
      return saidCondition(parseVerdict(said), caller)
    },
  })
  return {
    services: {
      ...(database.url === undefined ? {} : { attend: askingFor }),
      contentFor: (caller) => contentFor(room, { caller }),
      contentAsSystem: (caller, reason, call) => asSystem({ room, house }, { caller, reason }, call),
      logFor: (call, endpoint) => writeLog(call, endpoint, house.log),
    },
    close: async () => (await opening)?.[Symbol.asyncDispose](),
  }
}

/** Told to the house before the content is handed out. What a manifest declares is the site's own rule and no way around it. */
function asSystem(
  { room, house }: { readonly room: ContentRoom; readonly house: HouseServices },
  { caller, reason }: { readonly caller: Caller; readonly reason: string },
  call: RawCall,
): Content {
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TypeError('asSystem needs a reason: asSystem("why").')
  if (reason !== declaredReason) {
    const actor = { caller, system: reason, requestId: call.id, endpoint: call.path }
    house.operate(systemUsed, {}, actor).catch(() => {})
  }
  return contentFor(room, { caller, system: reason })
}
