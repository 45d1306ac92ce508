import { parseOptions } from '@node-rs/argon2'
import { hashAside, matchAside, type HashCost } from './hash-threads.ts'

/** argon2id, 19 MiB, two passes: the floor that OWASP names. Hashing runs in threads of its own. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const passwordLength = { min: 8, max: 1_024 } as const

export interface Passwords {
  readonly hash: (password: string) => Promise<string>
  /** Takes the time of one hash whether there is a hash to compare with or not: an unknown user costs what a known one does. */
  readonly matches: (stored: string | null, password: string) => Promise<boolean>
  /** Made with a lower cost than today's: hash anew at the next sign-in. */
  readonly isWeak: (stored: string) => boolean
}

export function createPasswords(cost: HashCost = passwordCost): Passwords {
  let decoy: Promise<string> | undefined

  /** Where the line was full, the next one asks anew. */
  function newDecoy(): Promise<string> {
    const made = hashAside('nobody has this password', cost)
    made.catch(() => (decoy = undefined))
    return made
  }

  async function matches(stored: string | null, password: string): Promise<boolean> {
    decoy ??= newDecoy()
    const against = stored ?? (await decoy)
    return (await matchAside(password, against)) && stored !== null
  }

  return {
    hash: (password) => hashAside(password, cost),
    matches,
    isWeak: (stored) => {
      const made = parseOptions(stored)
      return made.memoryCost < cost.memoryCost || made.timeCost < cost.timeCost
    },
  }
}
