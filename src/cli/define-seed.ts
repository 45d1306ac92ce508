import type { OpenHouse } from '../app.ts'
import type { Content, Fields } from '../endpoint/content.ts'

/** What a site's `seed.ts` is given, once, when its data folder is new. */
export interface Seeding {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Content past all rules. Writes asked for together share commits, so ask for many at a time. */
  readonly content: Content
  readonly accounts: Pick<OpenHouse['accounts'], 'createUser' | 'findUser' | 'requireUser' | 'createToken'>
  /** Creates an object for each line of a file: `.json` (a list), `.ndjson`, either also `.gz`. The path starts at the site. */
  readonly importFile: (path: string, options: ImportOptions) => Promise<number>
  /** A bar at a terminal, lines in a pipe. Without a total it counts. */
  readonly progress: (label: string, total?: number) => Progress
  /** Shown when all is done, below the addresses; `{address}` becomes the server's. */
  readonly note: (text: string) => void
}

export interface ImportOptions {
  readonly type: string
  /** Fields of the object for a line; `undefined` leaves the line out. Absent: the line itself. */
  readonly fields?: (line: Fields) => Fields | undefined
}

export interface Progress {
  readonly tick: (count?: number) => void
  readonly done: () => void
}

export type Seed = (seeding: Seeding) => Promise<void> | void

/** For `seed.ts`: fills a new site, so that there is something to see. */
export function defineSeed(seed: Seed): Seed {
  return seed
}
