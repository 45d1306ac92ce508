import type { Settings } from '../config/settings.ts'
import type { ContentRoom } from '../content/room.ts'
import type { Definition } from '../endpoint/record.ts'
import type { Registry } from '../registry/build.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import type { Site } from '../thread/site.ts'
import type { QueryNames } from './query-names.ts'

/** One state of the house, made whole for one state of the site, and replaced whole. */
export interface Serving {
  readonly site: Site
  readonly settings: Settings
  readonly registry: Registry
  /** The code of the built-in endpoints, by id. */
  readonly definitions: ReadonlyMap<string, Definition>
  readonly room: ContentRoom
  /** What the site allows in query strings of built-in endpoints. */
  readonly names: QueryNames
  /** What only the whole house sees amiss: what the database keeps although the types no longer name it, and the like. */
  readonly kept: readonly SiteProblem[]
}
