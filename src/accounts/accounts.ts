import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Store } from '../store/port.ts'
import { audit, listAudit } from './audit.ts'
import type { AuditEvent } from './audit-event.ts'
import { firstAdminLink } from './first-admin.ts'
import { callerAs, callerBehind, identify, type Request } from './identify.ts'
import { linkTo } from './letters.ts'
import type { OwnLimit } from './limits.ts'
import { purge } from './purge.ts'
import { createRoom, readVersion, startVersion, type Room } from './room.ts'
import { compileReach, compileScopes, type Reach, type Scopes } from './scope.ts'
import { endSessions, listSessions } from './sessions.ts'
import type { AccountsSettings } from './settings.ts'
import { refuseSwitched } from './switch-board.ts'
import { clearSwitch, readSwitches, setSwitch } from './switches.ts'
import { createToken, findToken, listTokens, requireToken, revokeToken } from './tokens.ts'
import { createUser, deleteUser, findUser, listUsers, requireUser, updateUser, type UserChanges } from './users.ts'

/** The room as the composition root and the command line hold it. */
export type Accounts = ReturnType<typeof createAccounts>

/**
 * The store must have been brought up to `accountTables`. Call `start` before the first request: it begins to listen for
 * changes that other processes make; `stop` ends that and writes what is still in memory.
 */
export function createAccounts(options: { readonly store: Store; readonly settings?: AccountsSettings }) {
  const room = createRoom(options.store, options.settings ?? {})
  return { room, ...onTheRoad(room), ...people(room), ...lifetime(room) }
}

/** What the pipeline asks for every request, or may ask. All of it is answered from memory. */
function onTheRoad(room: Room) {
  return {
    identify: (request: Request): Caller | Promise<Caller> => identify(room, request),
    covers,
    /** 404 405 410 503 where an administrator has switched the endpoint off. */
    refuseSwitched: (endpoint: Pick<Endpoint, 'id'>): void => {
      const found = room.switches.at(endpoint.id)
      if (found !== undefined) refuseSwitched(found, room.settings.now())
    },
    mayKnow: (endpoint: Pick<Endpoint, 'id' | 'methods' | 'path'>, caller: Caller): boolean =>
      mayKnow(room, endpoint, caller),
    /** 429 */
    limit: (endpoint: Pick<Endpoint, 'id' | 'rateLimit'>, caller: Caller, address: string): void =>
      room.limits.request(caller, address, ownLimitOf(room, endpoint, caller)),
    /** For refusals by rule, `asSystem` and the like: kept in memory and written soon, without holding the answer up. */
    note: (event: AuditEvent): void => room.auditBuffer.note(event),
  }
}

function people(room: Room) {
  return {
    callerAs: bind(room, callerAs),
    callerBehind: bind(room, callerBehind),
    createUser: bind(room, createUser),
    findUser: bind(room, findUser),
    requireUser: bind(room, requireUser),
    listUsers: bind(room, listUsers),
    updateUser: (id: number, changes: UserChanges) => updateUser(room, id, changes),
    deleteUser: bind(room, deleteUser),
    createToken: bind(room, createToken),
    findToken: bind(room, findToken),
    requireToken: bind(room, requireToken),
    listTokens: bind(room, listTokens),
    revokeToken: bind(room, revokeToken),
    listSessions: bind(room, listSessions),
    endSessions: bind(room, endSessions),
    setSwitch: bind(room, setSwitch),
    clearSwitch: bind(room, clearSwitch),
    listSwitches: () => room.switches.all(),
    listAudit: bind(room, listAudit),
    audit: (event: AuditEvent) => audit(room, event),
    /** The link by which a fresh site gets its administrator, to be printed at its first start; `undefined` once there is one. */
    firstAdminLink: async (): Promise<string | undefined> => {
      const secret = await firstAdminLink(room)
      return secret && linkTo(room, 'first-admin', secret)
    },
  }
}

function lifetime(room: Room) {
  let timers: readonly NodeJS.Timeout[] | undefined
  const write = async (): Promise<void> => {
    await Promise.all([room.lastUse.write(room.store), room.auditBuffer.write(room.store)])
  }
  const failed = (thrown: unknown): void => room.background.onFailure(thrown)
  return {
    /** Where the house listens: links in mails lead there while no public address is configured. */
    servedAt: (url: string): void => {
      room.served.at = url
    },
    start: async (): Promise<void> => {
      await startVersion(room)
      timers ??= [await watchVersion(room), every(5_000, write, failed), every(3_600_000, () => purge(room), failed)]
    },
    /** For whoever replaces rows behind this room's back: what is still in memory is written before, and all is read anew after. */
    around: async (replace: () => Promise<void>): Promise<void> => {
      await room.background.settle()
      await write()
      await replace()
      room.cache.clear()
      await readSwitches(room)
    },
    /** Never throws: what cannot be written any more is told like all that fails unseen, and keeps nothing from closing. */
    stop: async (): Promise<void> => {
      timers?.forEach((timer) => clearInterval(timer))
      timers = undefined
      await room.background.settle()
      await write().catch(failed)
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

/** Whether this caller may be told of the endpoint: not of one that is switched to hidden, nor of what its token cannot reach. */
function mayKnow(room: Room, endpoint: Pick<Endpoint, 'id' | 'methods' | 'path'>, caller: Caller): boolean {
  if (room.switches.at(endpoint.id)?.state === 'hide') return false
  if (caller.kind === 'anonymous' || caller.scopes === undefined) return true
  let reach = reaches.get(caller.scopes)
  if (reach === undefined) reaches.set(caller.scopes, (reach = compileReach(caller.scopes)))
  return reach(endpoint)
}

/** By identity: a token's list of scopes is made once, when the token is first seen. */
const compiled = new WeakMap<readonly string[], Scopes>()
const reaches = new WeakMap<readonly string[], Reach>()

/** A token's own budget, or else the endpoint's. */
function ownLimitOf(room: Room, endpoint: Pick<Endpoint, 'id' | 'rateLimit'>, caller: Caller): OwnLimit | undefined {
  const budget =
    caller.kind === 'anonymous' || caller.tokenId === undefined ? undefined : room.cache.budget(caller.tokenId)
  if (budget !== undefined) return { name: 'token', perMinute: budget }
  return endpoint.rateLimit === undefined ? undefined : { name: endpoint.id, perMinute: endpoint.rateLimit }
}

/**
 * What another process wrote is seen by the version that it counted up; everything is then read anew. The version is read
 * before what it counts, and has been seen once that was read too: no change is missed between the two.
 */
async function watchVersion(room: Room): Promise<NodeJS.Timeout> {
  let seen: number | undefined
  const look = async (): Promise<void> => {
    const version = await readVersion(room)
    if (version === seen) return
    room.cache.clear()
    await readSwitches(room)
    seen = version
  }
  await look()
  return every(room.settings.watchEvery, look, () => room.cache.clear())
}

function every(milliseconds: number, work: () => Promise<void>, failed: (thrown: unknown) => void): NodeJS.Timeout {
  return setInterval(() => void work().catch(failed), milliseconds).unref()
}

function bind<Input, Result>(room: Room, operation: (room: Room, input: Input) => Result): (input: Input) => Result {
  return (input) => operation(room, input)
}
