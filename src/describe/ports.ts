import type { Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { SiteProblem, TypeFacts } from '../registry/site-folder.ts'
import type { Changes } from './changes.ts'
import type { ApiFacts } from './openapi.ts'
import type { Why } from './why.ts'

/** All that telling asks of the house. `app.ts` fits it. */
export interface DescribePorts {
  readonly api: ApiFacts
  /** The table that serves now, and what is wrong with the site's files. */
  readonly told: () => Told
  /** Whether this caller may be told of an endpoint whose rule may let them pass; absent: yes. */
  readonly maySee?: (endpoint: Endpoint, caller: Caller) => boolean
  readonly changes: Changes
  /** `open` in development, `admins` in production where it is switched on. */
  readonly explorer: 'open' | 'admins' | 'off'
  /** What the explorer can do in development beside showing and sending; an absent one is not offered. */
  readonly tools?: Partial<ExplorerTools>
  /** A refusal that is remembered, by the id of its request. */
  readonly refusal?: (id: string) => Promise<WhyRefused | undefined>
}

/** What was answered then, and what would be answered now. */
export interface WhyRefused extends Why {
  readonly request: {
    readonly id: string
    readonly time: string
    readonly method: string
    readonly path: string
    /** In words; absent where it was refused before it was known who asks. */
    readonly caller?: string
    readonly code: string
    readonly status: number
  }
}

export interface Told {
  readonly endpoints: readonly Endpoint[]
  readonly problems: readonly SiteProblem[]
  readonly types: readonly TypeFacts[]
}

export interface ExplorerTools {
  /** Whom one can send as. */
  readonly people: () => Promise<People>
  /** A credential, good for minutes, that acts as this user or API token, or as a user who has this role alone. */
  readonly actAs: (as: ActAs) => Promise<{ readonly token: string }>
  readonly why: (asked: WhyAsked) => Promise<Why>
  /** Writes a new file of the site, by its path below the site's folder; refuses to replace one. */
  readonly writeFile: (file: string, text: string) => Promise<void>
  readonly openEditor: (file: string, line: number | undefined) => Promise<void>
}

export interface People {
  readonly users: readonly { readonly name: string; readonly roles: readonly string[] }[]
  readonly roles: readonly string[]
  /** API tokens by what lists show of them. */
  readonly tokens: readonly { readonly id: number; readonly name: string }[]
}

/** `token` is an API token's id or name. */
export type ActAs = { readonly user: string } | { readonly role: string } | { readonly token: string }

export interface WhyAsked {
  readonly method: Verb
  /** With its query string. */
  readonly path: string
  /** `credential` is a secret itself; nothing tells it again. */
  readonly as: ActAs | { readonly credential: string } | undefined
}
