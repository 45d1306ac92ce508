import type { Store } from '../store/port.ts'
import { isoTime } from './duration.ts'

/** When each token was last used, gathered in memory and written now and then: no request waits for it, none writes. */
export interface LastUse {
  readonly note: (tokenId: number) => void
  readonly write: (store: Store) => Promise<void>
}

export function createLastUse(now: () => number): LastUse {
  let used = new Map<number, number>()

  async function write(store: Store): Promise<void> {
    const batch = used
    used = new Map()
    await Promise.all(
      [...batch].map(([id, at]) => {
        const where = { column: 'id', is: 'eq', value: id } as const
        return store.write.run({ update: 'account_tokens', set: { last_used: isoTime(at) }, where })
      }),
    )
  }

  return { note: (tokenId) => void used.set(tokenId, now()), write }
}
