import type { Answer } from '../pipeline/answer.ts'
import type { Incoming } from '../pipeline/incoming.ts'

/** Something outside the endpoints, such as the explorer's files: asked before the house. */
export interface Page {
  /** Without a slash at its end: `/explorer`. */
  readonly path: string
  /** It has all paths below its own too. */
  readonly below?: boolean
  readonly answer: (incoming: Incoming) => Answer | Promise<Answer>
}

/** The page that a raw path belongs to. Compared as it was sent: an encoded spelling of a page is no page. */
export function pageFor(pages: readonly Page[], path: string): Page | undefined {
  return pages.find(
    (page) =>
      path === page.path || (page.below === true && path.startsWith(page.path) && path[page.path.length] === '/'),
  )
}
