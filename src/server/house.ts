import type { Settings } from '../config/settings.ts'
import type { Content } from '../endpoint/content.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Answer } from '../pipeline/answer.ts'
import type { Awaitable } from '../errors/awaitable.ts'
import type { Incoming } from '../pipeline/incoming.ts'
import type { SiteProblem } from '../registry/site-folder.ts'

/** The house as server and command line see it. `app.ts` builds one; nothing of its inside is needed to serve it. */
export interface House {
  readonly settings: Settings
  /** The endpoints that answer now; another list after each swap. */
  readonly records: () => readonly Endpoint[]
  /** Never rejects: what goes wrong is an answer too. */
  readonly answer: (incoming: Incoming) => Awaitable<Answer>
  /** What is wrong with the site, fatal or not. Fatal ones are those of a changed site that was not swapped in. */
  readonly problems: () => readonly SiteProblem[]
  /** Whether it may take traffic: database reachable, site loaded. Looked up in memory. */
  readonly ready: () => boolean
  /** Called after each swap, and when the site breaks or is mended; the result stops it. */
  readonly onChange: (listener: () => void) => () => void
  /** Content past all rules, for whoever holds the machine: the command line, a seed. */
  readonly content: Content
  /** Lets what is under way finish within `grace` ms, then lets go of threads, files and database. */
  readonly close: (grace: number) => Promise<void>
}
