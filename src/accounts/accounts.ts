import type { Caller } from '../endpoint/caller.ts'
import type { Store } from '../store/port.ts'
import { callerAs, identify, type Request } from './identify.ts'
import { createRoom, readVersion, startVersion, type Room } from './room.ts'
import { compileScopes, type Scopes } from './scope.ts'
import type { AccountsSettings } from './settings.ts'
import { createToken, findToken, listTokens, revokeToken } from './tokens.ts'
import { createUser, deleteUser, findUser, listUsers, requireUser, updateUser } from './users.ts'

/** The room as the composition root and the command line hold it. */
export type Accounts = ReturnType<typeof createAccounts>

/**
 * The store must have been brought up to `accountTables`. Call `start` before the first request: it begins to listen for
 * changes that other processes make; `stop` ends that.
 */
export function createAccounts(options: { readonly store: Store; readonly settings?: AccountsSettings }) {
  const room = createRoom(options.store, options.settings ?? {})
  let timers: readonly NodeJS.Timeout[] | undefined

  return {
    room,
    identify: (request: Request): Caller | Promise<Caller> => identify(room, request),
    callerAs: bind(room, callerAs),
    covers,
    createUser: bind(room, createUser),
    findUser: bind(room, findUser),
    requireUser: bind(room, requireUser),
    listUsers: bind(room, listUsers),
    updateUser: (id: number, changes: Parameters<typeof updateUser>[2]) => updateUser(room, id, changes),
    deleteUser: bind(room, deleteUser),
    createToken: bind(room, createToken),
    findToken: bind(room, findToken),
    listTokens: bind(room, listTokens),
    revokeToken: bind(room, revokeToken),
    start: async (): Promise<void> => {
      await startVersion(room)
      timers ??= [await watchVersion(room), writeLastUse(room)]
    },
    stop: async (): Promise<void> => {
      timers?.forEach((timer) => clearInterval(timer))
      timers = undefined
      await room.lastUse.write(room)
    },
  }
}

/** May this caller's token go there at all? Callers without a token, and tokens without scopes, are not limited. */
function covers(caller: Caller, method: string, path: string): boolean {
  if (caller.kind === 'anonymous' || caller.scopes === undefined) return true
  let scopes = compiled.get(caller.scopes)
  if (scopes === undefined) compiled.set(caller.scopes, (scopes = compileScopes(caller.scopes)))
  return scopes(method, path)
}

/** By identity: a token's list of scopes is made once, when the token is first seen. */
const compiled = new WeakMap<readonly string[], Scopes>()

/** What another process wrote is seen by the version that it counted up; everything is then read anew. */
async function watchVersion(room: Room): Promise<NodeJS.Timeout> {
  let seen = await readVersion(room)
  const look = async (): Promise<void> => {
    const version = await readVersion(room)
    if (version !== seen) room.cache.clear()
    seen = version
  }
  return setInterval(() => void look().catch(() => room.cache.clear()), room.settings.watchEvery).unref()
}

function writeLastUse(room: Room): NodeJS.Timeout {
  return setInterval(() => void room.lastUse.write(room).catch(() => {}), 30_000).unref()
}

function bind<Input, Result>(room: Room, operation: (room: Room, input: Input) => Result): (input: Input) => Result {
  return (input) => operation(room, input)
}
