import { randomBytes } from 'node:crypto'
import type { Caller } from '../endpoint/caller.ts'
import type { Incoming } from '../pipeline/incoming.ts'

/** Credentials of the explorer's "send as": in memory only, good for minutes, and only made in development. */
export interface ActingCallers {
  readonly lend: (caller: Caller) => string
  /** Who such a credential acts as; `undefined` for every other one, which is then judged as always. */
  readonly callerOf: (incoming: Pick<Incoming, 'headers'>) => Caller | undefined
}

const prefix = 'Bearer acting_'
const lifetime = 10 * 60_000
const most = 1_000

export function createActingCallers(now: () => number = Date.now): ActingCallers {
  const lent = new Map<string, { readonly caller: Caller; readonly until: number }>()
  return {
    lend: (caller) => {
      for (const [name, { until }] of lent) if (until <= now() || lent.size >= most) lent.delete(name)
      const secret = `acting_${randomBytes(32).toString('base64url')}`
      lent.set(`Bearer ${secret}`, { caller, until: now() + lifetime })
      return secret
    },
    callerOf: ({ headers }) => {
      const line = headers['authorization']
      if (typeof line !== 'string' || !line.startsWith(prefix)) return undefined
      const found = lent.get(line)
      return found !== undefined && found.until > now() ? found.caller : undefined
    },
  }
}
