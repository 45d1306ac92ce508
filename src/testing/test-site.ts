import { openHouse, type OpenHouse } from '../app.ts'
import type { Observation } from '../observe/observation.ts'
import { Observer } from '../observe/observer.ts'
import { openServer, type OpenServer, type ServerOptions } from '../server/open-server.ts'
import type { Page } from '../server/page.ts'
import { rawExchange } from './raw-exchange.ts'
import { makeFolder, type FolderOptions, type TestFolder } from './site-folder.ts'
import { keepSnapshots } from './snapshots.ts'
import { hangUp, makeCaller, type TestCaller } from './test-caller.ts'

export interface TestSiteOptions extends FolderOptions {
  readonly isolation?: 'thread' | 'inline'
  /** `dev` follows changes of the site's files. */
  readonly mode?: 'dev' | 'start'
  readonly env?: Readonly<Record<string, string>>
  readonly pages?: readonly Page[]
}

/** A site that is served, until `close`; with `await using` it closes itself. */
export interface TestSite extends TestCaller, AsyncDisposable {
  readonly root: string
  readonly url: string
  readonly port: number
  readonly house: OpenHouse
  /** What was noted, in order; of requests only the last ten thousand for certain. */
  readonly observed: readonly Observation[]
  readonly anonymous: () => TestCaller
  /** Asks as the user of this name, who is made when there is none. */
  readonly as: (name: string, roles?: readonly string[]) => TestCaller
  /** Asks as a user with this role alone. */
  readonly asRole: (role: string) => TestCaller
  /** A new API token that acts for nobody, or for a user. */
  readonly token: (options?: {
    readonly user?: string
    readonly scopes?: readonly string[]
    readonly expires?: string
  }) => Promise<string>
  /** Sends bytes past every HTTP client, and returns all that comes back. */
  readonly raw: typeof rawExchange extends (port: number, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never
  readonly write: (path: string, text: string) => void
  readonly erase: (path: string) => void
  /** Resolves when the site was swapped, or found broken; rejects after five seconds without. Ask before the change. */
  readonly changed: () => Promise<void>
  /**
   * Remembers the whole database as it is; what comes back puts it into that state again, in a few milliseconds:
   * `const fresh = await site.snapshot(); beforeEach(fresh)`. Only for SQLite. Counts of requests and of failed sign-ins
   * are no part of it.
   */
  readonly snapshot: () => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

/** Opens a real house on a database of its own and serves it on a free port. */
export async function openTestSite(options: TestSiteOptions = {}): Promise<TestSite> {
  const folder = makeFolder(options)
  const observed: Observation[] = []
  const observer = new Observer([{ note: (seen) => keepLast(observed, seen) }])
  const { isolation = 'inline', mode = 'start', env = {}, pages = [] } = options
  const own = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder.dataDir, POSTERN_ISOLATION: isolation }
  try {
    const house = await openHouse({ root: folder.root, env: { ...own, ...folder.env, ...env }, mode, observer })
    const server = await served(house, { observer, pages })
    return assemble({ folder, house, server, observed })
  } catch (thrown) {
    folder.remove()
    throw thrown
  }
}

/** A house that nobody reaches would keep the process of the tests from ending. */
async function served(house: OpenHouse, how: Omit<ServerOptions, 'house'>): Promise<OpenServer> {
  try {
    return await openServer({ house, ...how })
  } catch (thrown) {
    await house.close(0)
    throw thrown
  }
}

interface Parts {
  readonly folder: TestFolder
  readonly house: OpenHouse
  readonly server: OpenServer
  readonly observed: readonly Observation[]
}

function assemble({ folder, house, server, observed }: Parts): TestSite {
  const { port, address } = server
  const anonymous = makeCaller(() => port)
  const tokens = new Map<string, Promise<string>>()

  function as(name: string, roles: readonly string[] = []): TestCaller {
    return makeCaller(
      () => port,
      () => {
        const known = tokens.get(name) ?? tokenOf(house, name, roles)
        tokens.set(name, known)
        return known
      },
    )
  }

  const snapshots = keepSnapshots(house, tokens)

  async function close(): Promise<void> {
    snapshots[Symbol.dispose]()
    hangUp(port)
    await server.close(2_000, 'test over')
    folder.remove()
  }

  return {
    root: folder.root,
    url: address,
    port,
    house,
    observed,
    request: anonymous.request,
    anonymous: () => anonymous,
    as,
    asRole: (role) => as(`role-${role}`, [role]),
    token: async ({ user, scopes, expires } = {}) => {
      const wanted = { name: 'test', user, expires, ...(scopes === undefined ? {} : { scopes: [...scopes] }) }
      return (await house.accounts.createToken(wanted)).token
    },
    raw: (bytes, exchange) => rawExchange(port, bytes, exchange),
    write: folder.write,
    erase: folder.erase,
    changed: () => nextChange(house),
    snapshot: snapshots.take,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function tokenOf({ accounts }: OpenHouse, name: string, roles: readonly string[]): Promise<string> {
  const user = (await accounts.findUser(name)) ?? (await accounts.createUser({ name, roles: [...roles] }))
  return (await accounts.createToken({ name: 'test', user: user.id })).token
}

function nextChange(house: OpenHouse): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    stop()
    reject(new Error('The site did not change within five seconds.'))
  }, 5_000)
  const stop = house.onChange(() => {
    clearTimeout(timer)
    stop()
    resolve()
  })
  return promise
}

/** Of requests the last some ten thousand: a campaign of a million would run out of memory. */
function keepLast(observed: Observation[], seen: Observation): void {
  if (observed.length >= 20_000) {
    const older = observed.splice(0, 10_000)
    observed.unshift(...older.filter(({ kind }) => !kind.startsWith('request.')))
  }
  observed.push(seen)
}
