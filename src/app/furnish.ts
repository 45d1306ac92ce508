import type { Accounts } from '../accounts/accounts.ts'
import type { Settings } from '../config/settings.ts'
import type { TypeData } from '../content/define-type.ts'
import { contentEndpoints } from '../content/endpoints/content-endpoints.ts'
import { reindex } from '../content/reindex.ts'
import { createContentRoom, schemaOf } from '../content/room.ts'
import { settleGuards } from '../content/settle-guards.ts'
import type { Definition } from '../endpoint/record.ts'
import { buildRegistry } from '../registry/build.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import type { Store } from '../store/port.ts'
import type { Site } from '../thread/site.ts'
import { shownBuiltins } from './builtin.ts'
import { contentHooks } from './content-hooks.ts'
import { QueryNames } from './query-names.ts'
import type { Serving } from './serving.ts'

/** What outlives a change of the site. */
export interface Foundation {
  readonly store: Store
  readonly accounts: Accounts
  /** Built-in endpoints that know nothing of the site's types. */
  readonly standing: readonly Definition[]
}

/** Makes the house ready for one state of the site. Throws, and leaves what serves as it is, where that cannot be. */
export async function furnish(site: Site, { store, standing }: Foundation): Promise<Serving> {
  const settings = site.settings as Settings
  const types = site.types as readonly TypeData[]
  const { withheld } = await store.migrate([schemaOf(types)])
  await reindex(store, types)
  await settleGuards(store, types)
  const room = createContentRoom({
    types,
    read: store.read,
    write: store.write,
    decide: (name, { caller }) => site.decide(name, { caller, params: {}, method: '', path: '' }),
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
  const builtins = shownBuiltins([...standing, ...content], { base, isProtected, site, names })
  const registry = buildRegistry([...builtins.map((one) => one.record), ...site.records])
  const definitions = new Map(builtins.map((one) => [one.record.id, one]))
  return { site, settings, registry, definitions, room, names, kept: withheld.map(keptProblem) }
}

/** What the types no longer name stays in the database until somebody says that it may go. */
function keptProblem(step: string): SiteProblem {
  return {
    fatal: false,
    code: 'BAD_SITE',
    message: `The database keeps what the types no longer name; it would take: ${step}.`,
    at: { file: 'types' },
    hint: `To lose it for good: postern migrate --allow ${JSON.stringify(step)}`,
  }
}
