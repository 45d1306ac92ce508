import { cookieSettings, type CookieSettings } from './cookie.ts'
import { limitDefaults, type LimitSettings } from './limits.ts'
import type { MailSettings } from './mail.ts'
import type { OidcProvider } from './oidc-provider.ts'
import { passwordCost } from './password.ts'
import type { RoleSettings } from './roles.ts'

/** What the site may say about people. Times are in seconds. */
export interface AccountsSettings {
  readonly roles?: RoleSettings | undefined
  readonly tokens?: {
    /** The header that may hold a token beside `Authorization`. */
    readonly header?: string
    /** Whether `?access_token=` and `?token=` are read. */
    readonly query?: boolean
  }
  readonly sessions?: { readonly access?: number; readonly refresh?: number }
  /** Absent: nobody can register. */
  readonly register?: { readonly roles?: readonly string[]; readonly verify?: boolean } | undefined
  /** Where links in mails lead, and the one origin that cookie sessions are for. */
  readonly publicUrl?: string | undefined
  /** Path under which the endpoints lie; absent: `/api`. */
  readonly apiBase?: string
  /** Further origins whose pages may use a cookie session. */
  readonly origins?: readonly string[]
  readonly passwordCost?: { memoryCost: number; timeCost: number; parallelism: number }
  readonly limits?: Partial<LimitSettings>
  readonly mail?: MailSettings
  /** Sign-in elsewhere, by the name that its endpoint has. */
  readonly oidc?: Readonly<Record<string, OidcProvider>>
  /** Of the site; encrypts second factors. */
  readonly secret?: string | undefined
  /** How often to look whether another process changed something, in milliseconds. */
  readonly watchEvery?: number
  /** Milliseconds since 1970; replaced where a test needs another day. */
  readonly now?: () => number
}

export type Settings = ReturnType<typeof completeSettings>

export function completeSettings(given: AccountsSettings) {
  const cookie: CookieSettings = cookieSettings(given.publicUrl)
  return {
    roles: given.roles,
    credential: { ...tokenSettings(given.tokens), cookie: cookie.name },
    cookie,
    ...sessionDefaults,
    ...given.sessions,
    register: given.register,
    publicUrl: given.publicUrl,
    apiBase: given.apiBase ?? '/api',
    origins: originsOf([given.publicUrl, ...(given.origins ?? [])]),
    passwordCost: given.passwordCost ?? passwordCost,
    limits: { ...limitDefaults, ...given.limits },
    mail: given.mail ?? { from: 'postern@localhost' },
    oidc: new Map(Object.entries(given.oidc ?? {})),
    secret: given.secret,
    watchEvery: given.watchEvery ?? 500,
    now: given.now ?? Date.now,
  }
}

const sessionDefaults = { access: 600, refresh: 2_592_000 }

function tokenSettings({ header = 'x-api-token', query = true }: NonNullable<AccountsSettings['tokens']> = {}) {
  return { header: header.toLowerCase(), query }
}

function originsOf(urls: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(urls.filter((url) => url !== undefined).map((url) => new URL(url).origin))
}
