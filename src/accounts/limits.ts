import type { Caller } from '../endpoint/caller.ts'
import { addressKey } from './address.ts'
import { FixedWindow } from './fixed-window.ts'
import { rareLimit, type RareLimit } from './rare-limit.ts'
import { sharedLimit } from './shared-limit.ts'
import type { Writer } from '../store/port.ts'

export interface LimitSettings {
  /** Tries of a password for one name, from places where the account is not at home, in a quarter of an hour. */
  readonly signIns: number
  /** Tries of a password from one address, whatever the names, in a quarter of an hour. */
  readonly signInsPerAddress: number
  /** Credentials that were not accepted, from one address in a minute. */
  readonly badCredentials: number
  /** Requests of one caller in a minute; 0 counts none. */
  readonly requests: number
  /** Requests from one address in a minute; 0 counts none. */
  readonly requestsPerAddress: number
}

export const limitDefaults: LimitSettings = {
  signIns: 10,
  signInsPerAddress: 50,
  badCredentials: 60,
  requests: 6_000,
  requestsPerAddress: 30_000,
}

/**
 * Every count is taken before the work it guards, so that a thousand tries at once get no further than a thousand in a
 * row. Keys are made of what the server knows (ids, the peer's address, the folded name), never of raw spellings. A device
 * that signed in before has tries of its own, which nobody behind the same address can use up.
 * Passwords are counted where all nodes see it, if there are several; the rest in this process, for it must cost nothing:
 * of each of n nodes a caller gets what the settings say.
 */
export interface Limits {
  /** TOO_MANY_REQUESTS, or a function that takes the count back once the password was right. */
  readonly signIn: (who: Trying) => Promise<() => Promise<void>>
  readonly badCredential: (address: string) => Promise<void>
  /** TOO_MANY_REQUESTS, or nothing: one request of this caller; `own` is the limit of the endpoint or token where it has one. */
  readonly request: (caller: Caller, address: string, own?: OwnLimit) => void
}

/** How somebody who tries is known to have signed in as this user before: by the digest of a device, or by where they are. */
export type Familiarity = { readonly device: string } | 'address' | undefined

interface Trying {
  readonly name: string
  readonly address: string
  readonly known: Familiarity
}

export interface OwnLimit {
  /** Whose limit it is: the endpoint's id, or the token's. */
  readonly name: string
  readonly perMinute: number
}

export function createLimits(
  settings: LimitSettings,
  { now, writer }: { readonly now: () => number; readonly writer?: Pick<Writer, 'run'> },
): Limits {
  const tries = (name: string, points: number): RareLimit =>
    writer ? sharedLimit({ name, points, seconds: quarter }, { writer, now }) : rareLimit(points, quarter)
  const names = tries('name', settings.signIns)
  const homes = tries('home', settings.signIns)
  const devices = tries('device', settings.signIns)
  const places = tries('place', settings.signInsPerAddress)
  const bad = rareLimit(settings.badCredentials, 60)
  const callers = settings.requests > 0 ? new FixedWindow(settings.requests, now) : undefined
  const addresses = settings.requestsPerAddress > 0 ? new FixedWindow(settings.requestsPerAddress, now) : undefined
  const own = new Map<string, FixedWindow>()

  async function signIn({ name, address, known }: Trying): Promise<() => Promise<void>> {
    if (typeof known === 'object') return taken([[devices, `${known.device} ${name}`]])
    const place = addressKey(address)
    return taken([[places, place], known === 'address' ? [homes, `${place} ${name}`] : [names, name]])
  }

  function request(caller: Caller, address: string, limit?: OwnLimit): void {
    addresses?.take(rememberedKey(address))
    callers?.take(callerKey(caller, address))
    if (limit) ownWindow(own, limit, now).take(`${limit.name} ${callerKey(caller, address)}`)
  }

  return { signIn, badCredential: (address) => bad.take(addressKey(address)), request }
}

/** Counts each in turn, and returns what takes all of it back. */
async function taken(all: readonly (readonly [limit: RareLimit, key: string])[]): Promise<() => Promise<void>> {
  for (const [limit, key] of all) await limit.take(key)
  return async () => void (await Promise.all(all.map(([limit, key]) => limit.reward(key))))
}

const quarter = 900

function ownWindow(own: Map<string, FixedWindow>, limit: OwnLimit, now: () => number): FixedWindow {
  const key = `${limit.name} ${limit.perMinute}`
  const kept = own.get(key) ?? new FixedWindow(limit.perMinute, now)
  own.set(key, kept)
  return kept
}

/** Taking an IPv6 address apart is dear, and the same few addresses come again and again. */
function rememberedKey(address: string): string {
  const known = keys.get(address)
  if (known !== undefined) return known
  if (keys.size >= 10_000) keys.clear()
  const key = addressKey(address)
  keys.set(address, key)
  return key
}

const keys = new Map<string, string>()

function callerKey(caller: Caller, address: string): string {
  if (caller.kind === 'anonymous') return rememberedKey(address)
  if (caller.kind === 'token') return `t${caller.tokenId}`
  return caller.tokenId === undefined ? `u${caller.id}` : `t${caller.tokenId}`
}
