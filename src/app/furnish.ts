import type { Accounts } from '../accounts/accounts.ts'
import type { Settings } from '../config/settings.ts'
import type { TypeData } from '../content/define-type.ts'
import { contentEndpoints } from '../content/endpoints/content-endpoints.ts'
import { reindex } from '../content/reindex.ts'
import { createContentRoom } from '../content/room.ts'
import { settleGuards } from '../content/settle-guards.ts'
import type { Definition } from '../endpoint/record.ts'
import { buildRegistry } from '../registry/build.ts'
import { parseVerdict } from '../rules/parse.ts'
import { saidCondition } from '../rules/to-condition.ts'
import type { Store } from '../store/port.ts'
import type { Site } from '../thread/site.ts'
import { missedByBlacklist, shownBuiltins } from './builtin.ts'
import { contentHooks } from './content-hooks.ts'
import { QueryNames } from './query-names.ts'
import type { Serving } from './serving.ts'
import type { Settled } from './settle-types.ts'

/** What outlives a change of the site. */
export interface Foundation {
  readonly store: Store
  readonly accounts: Accounts
  /** Brings the database up to the types; see `settle-types.ts`. */
  readonly settle: (types: readonly TypeData[]) => Promise<Settled>
  /** Built-in endpoints that know nothing of the site's types. */
  readonly standing: readonly Definition[]
  /** A rule's own function threw, and so denied. */
  readonly denied: (name: string, thrown: unknown) => void
}

/** Makes the house ready for one state of the site. Throws, and leaves what serves as it is, where that cannot be. */
export async function furnish(opened: Site, foundation: Foundation): Promise<Serving> {
  const { store, standing, settle, denied } = foundation
  const site = { ...opened, decide: denying(opened, denied) }
  const settings = site.settings as Settings
  const types = site.types as readonly TypeData[]
  const { isReady, problems } = await settle(types)
  if (isReady) {
    await reindex(store, types)
    await settleGuards(store, types)
  }
  const room = createContentRoom({
    types,
    read: store.read,
    write: store.write,
    decide: async (name, { caller }) =>
      saidCondition(await site.decide(name, { caller, params: {}, method: '', path: '' }), caller),
    hooks: contentHooks(site),
  })
  const { base } = settings.api
  const content = contentEndpoints(room, {
    base,
    allowedQuery: site.exposure?.allowedUrlParams ?? {},
    plurals: site.exposure?.whitelistTypes ?? [],
  })
  const isProtected = settings.api.protected ?? false
  const names = new QueryNames(site.exposure)
  const known = [...standing, ...content]
  const builtins = shownBuiltins(known, { base, isProtected, site, names })
  const registry = buildRegistry([...builtins.map((one) => one.record), ...site.records])
  const definitions = new Map(builtins.map((one) => [one.record.id, one]))
  return {
    site,
    settings,
    registry,
    definitions,
    room,
    names,
    kept: [...problems, ...missedByBlacklist(known, { base, site })],
  }
}

/** A function of the site that throws denies, wherever it is asked; whoever wrote it has to hear of it. */
function denying(site: Site, denied: Foundation['denied']): Site['decide'] {
  return async (name, facts) => {
    try {
      return parseVerdict(await site.decide(name, facts))
    } catch (thrown) {
      denied(name, thrown)
      return false
    }
  }
}
