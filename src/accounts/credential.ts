import { PosternError } from '../errors/postern-error.ts'
import { readCookie } from './cookie.ts'

/** What a request shows of itself to be known by. `secret` is whatever was sent, not yet believed to be anything. */
export interface Credential {
  readonly from: 'bearer' | 'header' | 'query' | 'cookie'
  readonly secret: string
}

/** The part of a request in which credentials travel. */
export interface CredentialSource {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Every header line as sent, name and value in turn. */
  readonly rawHeaders: readonly string[]
  /** The raw query string, without `?`. */
  readonly search: string
}

export interface CredentialSettings {
  /** In lower case. */
  readonly header: string
  readonly query: boolean
  readonly cookie: string
}

/** Names of query parameters that hold a credential; never logged, never shown in `params`. */
export const credentialQueryNames: readonly string[] = ['access_token', 'token']

/**
 * The one credential that counts: `Authorization`, then the token header, then the query, then the cookie. The first
 * that is present decides, even where it is empty or of the wrong kind; nothing after it is looked at.
 */
export function readCredential(source: CredentialSource, settings: CredentialSettings): Credential | undefined {
  const { headers } = source
  if (headers['authorization'] !== undefined) return bearer(once(source, 'authorization'))
  if (headers[settings.header] !== undefined) return { from: 'header', secret: once(source, settings.header) }
  if (settings.query && mayHoldCredential.test(source.search)) {
    const secret = inQuery(source.search)
    if (secret !== undefined) return { from: 'query', secret }
  }
  const cookie = headers['cookie']
  if (cookie === undefined) return undefined
  const secret = readCookie(typeof cookie === 'string' ? cookie : cookie.join('; '), settings.cookie)
  return secret === undefined ? undefined : { from: 'cookie', secret }
}

/** `token` may be spelt with percent signs, so a query string with one is always read. */
const mayHoldCredential = /token|%/

function bearer(value: string): Credential {
  const match = /^Bearer ([^\s,]+)$/.exec(value)
  if (match?.[1] === undefined) {
    throw new PosternError('BAD_CREDENTIAL', 'The Authorization header is not `Bearer` followed by one token.')
  }
  return { from: 'bearer', secret: match[1] }
}

/** Node keeps only the first of two Authorization headers, so the lines themselves are counted. */
function once(source: CredentialSource, name: string): string {
  const value = source.headers[name]
  let lines = 0
  for (let index = 0; index < source.rawHeaders.length; index += 2) {
    const line = source.rawHeaders[index]
    if (line?.length === name.length && line.toLowerCase() === name) lines++
  }
  if (lines > 1 || typeof value !== 'string') {
    throw new PosternError('BAD_CREDENTIAL_MIX', `The header ${name} is sent more than once.`)
  }
  return value
}

function inQuery(search: string): string | undefined {
  const query = new URLSearchParams(search)
  const found = credentialQueryNames.flatMap((name) => query.getAll(name))
  if (found.length > 1) throw new PosternError('BAD_CREDENTIAL_MIX', 'The query string holds more than one token.')
  return found[0]
}
