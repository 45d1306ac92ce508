import type { Caller } from '../endpoint/caller.ts'

/** What is needed to explain a refusal later. No query string, header or body: that is where credentials are. */
export interface Refusal {
  /** Of the request. */
  readonly id: string
  readonly method: string
  /** As sent. */
  readonly path: string
  /** Absent: refused before it was known who asks. */
  readonly caller: Caller | undefined
  readonly code: string
  readonly status: number
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface Refusals {
  readonly keep: (refusal: Refusal) => void
  readonly find: (id: string) => Refusal | undefined
}

const explained = new Set([401, 403, 404, 412])

/**
 * The last refusals in memory: as many of those who are known as of strangers, so that a stranger who knocks on every door
 * drives out nobody's but other strangers'. Nothing is worked out before somebody asks.
 */
export function createRefusals(most = 1_000): Refusals {
  const known = ring(most)
  const strange = ring(most)
  return {
    keep: (refusal) => {
      if (!explained.has(refusal.status)) return
      const isStranger = refusal.caller === undefined || refusal.caller.kind === 'anonymous'
      ;(isStranger ? strange : known).keep(refusal)
    },
    find: (id) => known.find(id) ?? strange.find(id),
  }
}

function ring(most: number): Refusals {
  const kept: Refusal[] = []
  let next = 0
  return {
    keep: (refusal) => {
      kept[next] = refusal
      next = (next + 1) % most
    },
    find: (id) => kept.find((refusal) => refusal.id === id),
  }
}
