import type { Join } from '../store/port.ts'

/** The rows through which objects belong to another one, in their order: links or places in the tree, as `l`. */
export interface Anchor {
  readonly join: Join
  readonly position: string
  readonly params?: string
}
