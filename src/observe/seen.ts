import type { Place } from '../errors/postern-error.ts'

/** What is wrong with a site, as it is told to people. */
export interface SeenProblem {
  readonly code: string
  readonly message: string
  readonly at: Place
  readonly frame?: string
  readonly hint?: string
}

/** How a site's thread was lost. */
export interface SeenFault {
  readonly kind: string
  readonly endpoint?: string
  readonly at?: Place
  readonly message: string
}
