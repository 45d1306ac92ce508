import type { BlockList } from 'node:net'
import type { Caller } from '../endpoint/caller.ts'

/** What is known of one secret: whom it stands for, until when, and from where it may be used. */
export interface Known {
  readonly caller: Caller
  /** Milliseconds since 1970; Infinity where it does not end. */
  readonly expires: number
  readonly isCookie: boolean
  /** Absent for sessions. */
  readonly tokenId: number | undefined
  /** Requests a minute, where the token has a budget of its own. */
  readonly budget: number | undefined
  /** Absent: from anywhere. */
  readonly addresses: BlockList | undefined
  /** Absent for a token that acts for no user. */
  readonly user: UserFacts | undefined
}

/** One user, shared by all of the user's secrets: when `current` falls, all of them are read anew. */
export interface UserFacts {
  readonly id: number
  readonly name: string
  readonly code: string
  readonly roles: readonly string[]
  current: boolean
}

/**
 * Verified secrets by their digest, so that a request of someone seen before asks no database. Nothing here ages by
 * itself: whoever writes pushes the change in. `epoch` counts such pushes; what was read before one is not kept after it.
 */
export interface CallerCache {
  readonly epoch: () => number
  readonly find: (digest: string) => Known | undefined
  readonly keep: (digest: string, known: Known, epoch: number) => void
  readonly user: (id: number) => UserFacts | undefined
  /** The facts that all of the user's secrets share: these, or those that somebody else read at the same time. */
  readonly keepUser: (facts: UserFacts, epoch: number) => UserFacts
  /** Requests a minute of a token that has a budget of its own. */
  readonly budget: (tokenId: number) => number | undefined
  readonly forget: (digests: readonly string[]) => void
  readonly forgetUser: (id: number) => void
  readonly clear: () => void
  readonly size: () => number
}

export function createCallerCache(limit = 50_000): CallerCache {
  const secrets = new Map<string, Known>()
  const users = new Map<number, UserFacts>()
  const budgets = new Map<number, number>()
  let epoch = 0

  function find(digest: string): Known | undefined {
    const known = secrets.get(digest)
    if (known?.user?.current !== false) return known
    secrets.delete(digest)
    return undefined
  }

  /** Two objects for one user would be a leak: only one of them would fall when the user is forgotten. */
  function keepUser(facts: UserFacts, since: number): UserFacts {
    const kept = users.get(facts.id)
    if (kept !== undefined || since !== epoch) return kept ?? facts
    put(users, { key: facts.id, value: facts, limit })
    return facts
  }

  function forgetUser(id: number): void {
    epoch++
    const facts = users.get(id)
    if (facts) facts.current = false
    users.delete(id)
  }

  function clear(): void {
    epoch++
    for (const facts of users.values()) facts.current = false
    users.clear()
    secrets.clear()
  }

  return {
    epoch: () => epoch,
    find,
    keep: (digest, known, since) => {
      if (since !== epoch) return
      put(secrets, { key: digest, value: known, limit })
      if (known.tokenId !== undefined && known.budget !== undefined)
        put(budgets, { key: known.tokenId, value: known.budget, limit })
    },
    user: (id) => users.get(id),
    keepUser,
    budget: (tokenId) => budgets.get(tokenId),
    forget: (digests) => {
      epoch++
      for (const digest of digests) secrets.delete(digest)
    },
    forgetUser,
    clear,
    size: () => secrets.size,
  }
}

/** The oldest goes first. A user's facts that go take no secret along, so they are marked as gone. */
function put<Key, Value>(map: Map<Key, Value>, entry: { key: Key; value: Value; limit: number }): void {
  map.set(entry.key, entry.value)
  for (const [key, gone] of map) {
    if (map.size <= entry.limit) return
    if (isUserFacts(gone)) gone.current = false
    map.delete(key)
  }
}

function isUserFacts(value: unknown): value is UserFacts {
  return typeof value === 'object' && value !== null && 'current' in value
}
