import type { Services } from '../pipeline/ports.ts'
import type { Loaded, SiteProblem } from '../registry/site-folder.ts'
import type { HouseServices } from './site.ts'

/** Which site to load, and with what said over its config file. Plain data: it crosses into the thread as it is. */
export interface SiteAsked {
  /** The site's folder, absolute. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Settings given on the command line, by flag name. */
  readonly flags: Readonly<Record<string, string | undefined>>
  /** Counts the loads of one process where old modules cannot be dropped; absent in a thread, where all modules are new. */
  readonly version?: number
  /** Somebody is writing the site: what is doubtful is noted. */
  readonly development?: boolean
}

/** A site's code, loaded and ready to run where it was loaded. */
export interface SiteCode {
  /** All settings, checked. */
  readonly settings: unknown
  /** Plain data of the object types. */
  readonly types: readonly unknown[]
  readonly loaded: Loaded
  /** What handlers are given: content, logs. */
  readonly services: Services
  /** Hooks around content operations, by name. */
  readonly operationHooks: ReadonlyMap<string, (input: unknown) => unknown>
  /** Lets go of connections. */
  readonly close: () => void | Promise<void>
}

export type LoadOutcome = { readonly code: SiteCode } | { readonly broken: readonly SiteProblem[] }

/** Loads a site's code into the thread it is called in; a composition root fits the rooms it needs. */
export type LoadSite = (asked: SiteAsked, house: HouseServices) => Promise<LoadOutcome>
