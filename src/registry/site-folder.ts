import type { Verb } from '../endpoint/method.ts'
import type { AfterHook, BeforeHook, Definition } from '../endpoint/record.ts'
import type { Place } from '../errors/postern-error.ts'
import type { WhenFunction } from '../rules/allow.ts'

/** What a source is given: the site's folder, its settings, and how to load one of its files. */
export interface SiteFolder {
  /** Absolute, real path (symlinks resolved). */
  readonly root: string
  /** The plain data of `postern.config.ts`, already checked. */
  readonly settings: SiteSettings
  /** Loads a site's module fresh for this load of the site; failures come back as BAD_SITE with place and code frame. */
  readonly importModule: (file: string) => Promise<Readonly<Record<string, unknown>>>
  /** Object types of the site: what rules and manifests may speak of. */
  readonly types: readonly TypeFacts[]
  /** The handler of a built-in operation for manifests, by its name and type; the content room's. */
  readonly operation: (name: string, type: string) => Definition['handler']
  /** Reads what a file of `types/` exports; throws an Error that says what is wrong. Absent: a name and fields are enough. */
  readonly readType?: (exported: unknown) => TypeFacts
}

/** What sources need to know of an object type. */
export interface TypeFacts {
  readonly name: string
  readonly plural: string
  readonly fields: readonly string[]
  /** Those of them that name users and roles. */
  readonly accessLists?: readonly string[]
  /** Who may do what with its objects, as it was said. */
  readonly rules?: readonly WrittenRule[]
  /** Who may read or write single fields, as it was said. */
  readonly fieldRules?: readonly FieldRule[]
  /** What a section asks of whoever goes for what lies below it, as it was said. */
  readonly belowRules?: readonly WrittenRule[]
}

export interface WrittenRule {
  readonly right: string
  readonly rule: unknown
}

export interface FieldRule extends WrittenRule {
  readonly field: string
}

/** The part of the settings that decides how endpoints are read. */
export interface SiteSettings {
  readonly api: {
    readonly base: string
    readonly protected?: boolean | undefined
    readonly endPoints: readonly string[]
    readonly blacklistEndPoints: readonly string[]
    readonly whitelistObjectTypes: readonly string[]
    readonly allowedObjectsUrlPath?: Readonly<Record<string, readonly string[]>> | undefined
    readonly validation: { readonly allowedUrlParams: Readonly<Record<string, string | readonly string[]>> }
  }
  readonly modules: { readonly undeclared: 'closed' | 'open' }
  readonly addons: Readonly<Record<string, unknown>>
  readonly timeout: number
  readonly bodyLimit: number
}

/** What one source found. Sources never stop at the first problem: everything wrong with a site is told at once. */
export interface Loaded {
  readonly definitions: readonly Definition[]
  readonly hooks: readonly HookDefinition[]
  readonly whenFunctions: ReadonlyMap<string, WhenFunction>
  readonly problems: readonly SiteProblem[]
  /** What `defineType` made in `types/` of the site or of an addon. */
  readonly types?: readonly FoundType[]
  /** Installed packages that the site uses as addons: their folders, absolute. */
  readonly packages?: readonly string[]
  /** What the site says of built-in endpoints; only the controller source says it. */
  readonly exposure?: Exposure
}

/** An object type with the file it came from. */
export interface FoundType {
  readonly type: unknown
  readonly facts: TypeFacts
  readonly origin: Place
}

/** Which built-in endpoints a site shows, and what their query strings may hold. Plain data, but for the last two. */
export interface Exposure {
  /** Names left out of the index. Their 405 is among the definitions; whoever joins the records leaves the built-in ones out. */
  readonly blacklist: readonly string[]
  /** Names of object types that get a read-only endpoint under their plural. */
  readonly whitelistTypes: readonly string[]
  /** Sub-paths of `/objects/:id` by verb in lower case. */
  readonly allowedObjectsUrlPath: Readonly<Record<string, readonly string[]>>
  /** Query names by endpoint, groups unfolded; `__all` goes for every endpoint and verb. A snapshot. */
  readonly allowedUrlParams: Readonly<Record<string, readonly string[]>>
  /** The site put its own names in the place of all there were: built-in endpoints have no others. */
  readonly replacesUrlParams: boolean
  /** The names for a built-in endpoint as they are now; `undefined`: the site said nothing of it. */
  readonly allowedQuery: (endpoint: string, verb: Verb) => readonly string[] | undefined
  /** Told the new state whenever the site's code changes it at run time. */
  readonly onChange: (listener: (said: Pick<Exposure, 'allowedUrlParams' | 'replacesUrlParams'>) => void) => void
}

/** `fatal` stops the start (or keeps the last good site); the others are said once and shown by `doctor`. */
export interface SiteProblem {
  readonly fatal: boolean
  readonly code: string
  readonly message: string
  readonly at: Place
  /** A few source lines around the place, with a marker. */
  readonly frame?: string
  readonly hint?: string
}

/** A hook of a site or addon, and the endpoints it goes around: an id, or a pattern with `*`. */
export interface HookDefinition {
  readonly id: string
  readonly on: string
  readonly order: number
  readonly origin: Place
  readonly before?: BeforeHook['run']
  readonly after?: AfterHook['run']
}

/** The four siblings `files`, `controller`, `manifest`, `addon`: the same members in the same order. */
export interface Source {
  readonly name: 'files' | 'controller' | 'manifest' | 'addon'
  readonly load: (site: SiteFolder) => Promise<Loaded>
}
