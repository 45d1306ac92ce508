import { availableParallelism } from 'node:os'
import { hash as argonHash, parseOptions, verify as argonVerify } from '@node-rs/argon2'
import { createWorkQueue } from './work-queue.ts'

/** argon2id, 19 MiB, two passes: the floor that OWASP names. Hashing runs off the main thread. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const passwordLength = { min: 8, max: 1_024 } as const

export interface Passwords {
  readonly hash: (password: string) => Promise<string>
  /** Takes the time of one hash whether there is a hash to compare with or not: an unknown user costs what a known one does. */
  readonly matches: (stored: string | null, password: string) => Promise<boolean>
  /** Made with a lower cost than today's: hash anew at the next sign-in. */
  readonly isWeak: (stored: string) => boolean
}

export function createPasswords(
  cost: { memoryCost: number; timeCost: number; parallelism: number } = passwordCost,
): Passwords {
  const queue = createWorkQueue({ atOnce: Math.max(1, availableParallelism() - 1), inLine: 256 })
  let decoy: Promise<string> | undefined

  async function matches(stored: string | null, password: string): Promise<boolean> {
    decoy ??= argonHash('nobody has this password', cost)
    const against = stored ?? (await decoy)
    const same = await queue.run(() => argonVerify(against, password))
    return same && stored !== null
  }

  return {
    hash: (password) => queue.run(() => argonHash(password, cost)),
    matches,
    isWeak: (stored) => {
      const made = parseOptions(stored)
      return made.memoryCost < cost.memoryCost || made.timeCost < cost.timeCost
    },
  }
}
