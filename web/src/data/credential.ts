import { house, sessionToken } from './house.ts'
import type { ActAs, AskedAs } from './model.ts'

/** What a request is sent with. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** Whoever signed in on this page. */
  | { readonly kind: 'session' }
  | { readonly kind: 'as'; readonly as: ActAs }

const minutes = 60_000
const borrowed = new Map<string, { readonly token: string; readonly until: number }>()

/** The bearer credential to send; asked of the server for `as`, and kept for two minutes. */
export async function bearerOf(credential: Credential): Promise<string | undefined> {
  if (credential.kind === 'none') return undefined
  if (credential.kind === 'token') return credential.token
  if (credential.kind === 'session') return freshToken()
  const name = JSON.stringify(credential.as)
  const kept = borrowed.get(name)
  if (kept && kept.until > Date.now()) return kept.token
  const { token } = await house.call('POST /api/explorer/as', { body: credential.as })
  borrowed.set(name, { token, until: Date.now() + 2 * minutes })
  return token
}

/** The same, as a request that is described instead of sent has it; a secret is judged by the server and told to nobody. */
export async function askedAs(credential: Credential): Promise<AskedAs | undefined> {
  if (credential.kind === 'as') return credential.as
  const secret = await bearerOf(credential)
  return secret === undefined ? undefined : { credential: secret }
}

/** A call of the page's own renews a session that has expired; whatever it answers, the token is then the newest there is. */
async function freshToken(): Promise<string | undefined> {
  await house.call('GET /api/auth').catch(() => undefined)
  return sessionToken()
}

/** After the server refused one, the next must be a new one. */
export function forgetBorrowed(): void {
  borrowed.clear()
}

/** As shown to people; never the token itself. */
export function credentialText(credential: Credential): string {
  if (credential.kind === 'none') return 'no credential'
  if (credential.kind === 'token') return 'token'
  if (credential.kind === 'session') return 'my session'
  return asText(credential.as)
}

function asText(as: ActAs): string {
  if ('token' in as) return `as token ${as.token}`
  return 'user' in as ? `as ${as.user}` : `as role ${as.role}`
}
