import { mkdirSync, accessSync, constants } from 'node:fs'
import { basename } from 'node:path'
import { createAccounts, type Accounts } from './accounts/accounts.ts'
import { accountsEndpoints } from './accounts/accounts-endpoints.ts'
import { accountTables } from './accounts/tables.ts'
import { accountsSettings } from './app/accounts-settings.ts'
import { createActingCallers } from './app/acting-callers.ts'
import { databaseOf } from './app/database-place.ts'
import { describing } from './app/describing.ts'
import { explainRefusal, explainRequest, type Judging } from './app/explain-request.ts'
import { explorerTools } from './app/explorer-tools.ts'
import { furnish, type Foundation } from './app/furnish.ts'
import { callerName, houseServices, siteServices, type NoteSystem } from './app/house-services.ts'
import { openSite, type SiteKeeper } from './app/open-site.ts'
import { keptSecret } from './app/kept-secret.ts'
import { createRefusals } from './app/refusals.ts'
import { settleTypes } from './app/settle-types.ts'
import { secretsOf } from './app/secrets.ts'
import type { Serving } from './app/serving.ts'
import { makeSteps } from './app/steps.ts'
import type { Settings } from './config/settings.ts'
import { contentFor } from './content/content-for.ts'
import type { ContentRoom } from './content/room.ts'
import { createChanges, type Changes } from './describe/changes.ts'
import { anonymous } from './endpoint/caller.ts'
import type { ExplorerTools, WhyAsked } from './describe/ports.ts'
import type { Why } from './describe/why.ts'
import type { Content } from './endpoint/content.ts'
import { must } from './errors/must.ts'
import { PosternError } from './errors/postern-error.ts'
import type { Observer } from './observe/observer.ts'
import type { Answer } from './pipeline/answer.ts'
import type { Awaitable } from './errors/awaitable.ts'
import type { Incoming } from './pipeline/incoming.ts'
import type { Ports } from './pipeline/ports.ts'
import { run } from './pipeline/run.ts'
import type { SiteProblem } from './registry/site-folder.ts'
import type { House } from './server/house.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/port.ts'
import type { Site } from './thread/site.ts'

export interface HouseOptions {
  /** The site's folder, absolute. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Settings given on the command line, by flag name. */
  readonly flags?: Readonly<Record<string, string | undefined>>
  /** `dev` follows changes of the site's files; `command` runs the site's code in this process, for a short while. */
  readonly mode: 'dev' | 'start' | 'command'
  readonly observer: Observer
  /** The database's types are neither changed nor asked for: for `migrate` and `doctor`, which speak of that very thing. */
  readonly leaveTypes?: boolean
}

/** A house with what the command line and tests need beside serving. */
export interface OpenHouse extends House {
  readonly accounts: Accounts
  readonly store: Store
  readonly room: () => ContentRoom
  readonly why: (asked: WhyAsked) => Promise<Why>
}

/** Opens a site: loads its code, brings the database up to its types, and is ready to answer. */
export async function openHouse(options: HouseOptions): Promise<OpenHouse> {
  const house = new AssembledHouse(options)
  try {
    await house.open()
    return house
  } catch (thrown) {
    // A connection to a database that is left open keeps the process from ending.
    await house.close(0)
    throw thrown
  }
}

class AssembledHouse implements OpenHouse {
  readonly #options: HouseOptions
  readonly #changes: Changes = createChanges()
  readonly #acting = createActingCallers()
  readonly #refusals = createRefusals()
  readonly #listeners = new Set<() => void>()
  #keeper: SiteKeeper | undefined
  #foundation: Foundation | undefined
  #serving: Serving | undefined
  #steps: Ports | undefined
  #broken: readonly SiteProblem[] = []
  #warned: ReadonlySet<string> = new Set()
  #base = ''

  constructor(options: HouseOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    const { root, env, flags = {}, mode, observer } = this.#options
    const started = performance.now()
    this.#keeper = await openSite({
      asked: { root, env, flags, development: mode === 'dev' },
      mode,
      observer,
      house: siteServices(this.#services),
      furnish: (site) => this.#furnish(site),
      broken: (problems) => this.#break(problems),
      swapped: (swap) => {
        observer.note({ kind: 'site.swapped', endpoints: this.records().length, ...swap })
        this.#warn()
      },
    })
    observer.note({ kind: 'site.opened', endpoints: this.records().length, ms: performance.now() - started })
    this.#warn()
  }

  get settings(): Settings {
    return this.#now().settings
  }
  get accounts(): Accounts {
    return this.#ground().accounts
  }
  get store(): Store {
    return this.#ground().store
  }
  readonly room = (): ContentRoom => this.#now().room
  readonly records = () => this.#now().registry.endpoints
  readonly problems = (): readonly SiteProblem[] => [...this.#broken, ...this.#now().site.problems, ...this.#now().kept]
  readonly ready = (): boolean => this.#steps !== undefined

  readonly answer = (incoming: Incoming): Awaitable<Answer> => {
    this.#base = incoming.base
    return run(must(this.#steps, 'nothing is asked before the house is open'), incoming)
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get content(): Content {
    return contentFor(this.room(), { caller: anonymous, system: 'the command line' })
  }

  readonly why = (asked: WhyAsked): Promise<Why> => explainRequest(this.#judging(this.accounts), asked)

  readonly close = async (grace: number): Promise<void> => {
    this.#changes.end()
    await this.#keeper?.close(grace)
    await this.#foundation?.accounts.stop()
    await this.#foundation?.store.close()
  }

  async #furnish(site: Site): Promise<void> {
    this.#foundation ??= await this.#lay(site.settings as Settings)
    this.#serving = await furnish(site, this.#foundation)
    this.#steps ??= this.#makeSteps(this.#foundation, this.#serving.settings)
    this.#broken = []
    this.#tell()
  }

  #break(problems: readonly SiteProblem[]): void {
    this.#broken = problems
    this.#options.observer.note({ kind: 'site.broken', problems })
    this.#tell()
  }

  /** Each warning is said once, and again only when it has been mended in between. */
  #warn(): void {
    const warnings = this.problems()
    const fresh = warnings.filter(({ at, message }) => !this.#warned.has(`${at.file} ${message}`))
    this.#warned = new Set(warnings.map(({ at, message }) => `${at.file} ${message}`))
    if (fresh.length > 0) this.#options.observer.note({ kind: 'site.warned', problems: fresh })
  }

  #tell(): void {
    this.#changes.announce()
    for (const listener of this.#listeners) listener()
  }

  async #lay(settings: Settings): Promise<Foundation> {
    requireFolder(settings.dataDir)
    const secret = settings.secret ?? keptSecret(settings.dataDir)
    const store = await openStore(databaseOf(settings), this.#options.observer)
    try {
      return await this.#layOn(store, { settings, secret })
    } catch (thrown) {
      await store.close()
      throw thrown
    }
  }

  async #layOn(
    store: Store,
    { settings, secret }: { readonly settings: Settings; readonly secret: string },
  ): Promise<Foundation> {
    await store.migrate([accountTables])
    const accounts = createAccounts({ store, settings: accountsSettings(settings, secret) })
    accounts.room.background.onFailure = (thrown) =>
      this.#options.observer.note({ kind: 'house.failed', where: 'accounts', thrown })
    await accounts.start()
    const standing = describing({
      title: basename(this.#options.root),
      settings,
      development: this.#options.mode === 'dev',
      cookie: accounts.room.settings.cookie.name,
      serving: () => this.#now(),
      problems: this.problems,
      changes: this.#changes,
      base: () => this.#base,
      tools: this.#tools(accounts),
      maySee: accounts.mayKnow,
      refusal: async (id) => {
        const found = this.#refusals.find(id)
        return found && explainRefusal(this.#judging(accounts), found)
      },
    })
    const { root, mode, observer, leaveTypes = false } = this.#options
    const settling = { store, root, mode, observer, leaveTypes }
    return {
      store,
      accounts,
      settle: (types) => settleTypes(settling, types),
      standing: [...accountsEndpoints(accounts), ...standing],
      denied: (name, thrown) =>
        observer.note({ kind: 'house.failed', where: `allow.when('${name}') threw, and so denied`, thrown }),
    }
  }

  #judging(accounts: Accounts): Judging {
    return { serving: () => this.#now(), accounts }
  }

  /** In production an administrator may ask why, and nothing else of them. */
  #tools(accounts: Accounts): Partial<ExplorerTools> {
    const { root, env, mode } = this.#options
    const tools = explorerTools({ ...this.#judging(accounts), root, env, acting: this.#acting })
    return mode === 'dev' || tools.why === undefined ? tools : { why: tools.why }
  }

  #makeSteps({ accounts, store }: Foundation, settings: Settings): Ports {
    const { observer } = this.#options
    return makeSteps({
      serving: () => this.#now(),
      accounts,
      observer,
      refusals: this.#refusals,
      services: houseServices({ ...this.#services, attends: store.dialect === 'postgres' }),
      secrets: secretsOf(settings, accounts.room.settings.cookie.name),
      ...(this.#options.mode === 'dev' ? { acting: this.#acting } : {}),
    })
  }

  get #services() {
    const { observer } = this.#options
    return {
      room: this.room,
      observer,
      names: () => this.#now().names,
      noteSystem: ((use) => {
        observer.note({ kind: 'system.used', operation: 'content', ...use, caller: callerName(use.caller) })
        const { caller, requestId, reason, endpoint } = use
        this.#foundation?.accounts.note({
          event: 'as-system',
          caller,
          request: requestId,
          detail: { endpoint, reason },
        })
      }) satisfies NoteSystem,
    }
  }

  #now(): Serving {
    return must(this.#serving, 'the house is open')
  }

  #ground(): Foundation {
    return must(this.#foundation, 'the house is open')
  }
}

function requireFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.R_OK | constants.W_OK)
  } catch (cause) {
    throw new PosternError('BAD_DATA_DIR', `The data folder ${dataDir} cannot be written.`, { cause })
  }
}
