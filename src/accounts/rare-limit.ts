import type { RateLimiterMemory } from 'rate-limiter-flexible'
import { PosternError } from '../errors/postern-error.ts'

/** Counts what is rare and must be exact: wrong passwords, bad credentials. */
export interface RareLimit {
  /** Counts one, or refuses with TOO_MANY_REQUESTS. */
  readonly take: (key: string) => Promise<void>
  /** Takes one back. */
  readonly reward: (key: string) => Promise<void>
}

/** For whoever sets a limit to nothing. */
export const noLimit: RareLimit = { take: async () => {}, reward: async () => {} }

/** `points` in `seconds`; none counts nothing. The library takes 20 ms to load, for which no start waits: the first use does. */
export function rareLimit(points: number, seconds: number): RareLimit {
  if (points <= 0) return noLimit
  let opening: Promise<RateLimiterMemory> | undefined
  const limiter = () => (opening ??= open(points, seconds))
  return {
    take: async (key) => {
      try {
        await (await limiter()).consume(key)
      } catch (thrown) {
        throw refusal(thrown)
      }
    },
    reward: async (key) => {
      await (await limiter()).reward(key)
    },
  }
}

async function open(points: number, duration: number): Promise<RateLimiterMemory> {
  const library = await import('rate-limiter-flexible')
  return new library.RateLimiterMemory({ points, duration })
}

/** The library throws its count where there is none left, and errors where something is wrong. */
function refusal(thrown: unknown): unknown {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null || !('msBeforeNext' in thrown))
    return thrown
  return tooManyTries(Number(thrown.msBeforeNext))
}

export function tooManyTries(wait: number): PosternError {
  const seconds = Math.max(1, Math.ceil(wait / 1_000))
  return new PosternError('TOO_MANY_REQUESTS', `Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  })
}
