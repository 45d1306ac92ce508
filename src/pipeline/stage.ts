import type { Services } from './ports.ts'

/** What surrounds one performance: the services of the room it runs in, and how to tell it to give up. */
export interface Stage {
  readonly services: Services
  readonly abort: Pick<AbortController, 'signal' | 'abort'>
  /** Told just before a site's own code gets control: from then on the call cannot be given to another thread unnoticed. */
  readonly began?: () => void
}
