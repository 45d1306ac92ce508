import type { IncomingMessage } from 'node:http'
import type { Settings } from '../config/settings.ts'
import { verbs } from '../endpoint/method.ts'
import type { Answer } from '../pipeline/answer.ts'

/** Headers by name and value in turn, as Node writes them. */
export type HeaderPairs = readonly string[]

export interface Cors {
  /** What an answer to this request carries; the same array again and again for the same origin. */
  readonly headersFor: (request: IncomingMessage) => HeaderPairs
  /** The answer to a browser that asks first, or `undefined` where the request is none. */
  readonly preflight: (request: IncomingMessage) => Answer | undefined
}

const none: HeaderPairs = []
const methods = ['HEAD', ...verbs].join(', ')
const maxRemembered = 1_000

/** Who may read answers from a browser, by the settings. `*` is never sent where credentials are allowed: settings refuse the pair. */
export function makeCors({ origins, credentials, exposeHeaders, maxAge }: Settings['cors']): Cors {
  const everyone = origins.includes('*')
  const matchers = origins.filter((origin) => origin !== '*').map(originMatcher)
  const exposed = exposeHeaders.length > 0 ? ['access-control-expose-headers', exposeHeaders.join(', ')] : []
  const denied: HeaderPairs = matchers.length > 0 ? ['vary', 'Origin'] : none
  const open: HeaderPairs = ['access-control-allow-origin', '*', ...exposed]
  const remembered = new Map<string, HeaderPairs>()

  function headersFor(request: IncomingMessage): HeaderPairs {
    const { origin } = request.headers
    if (everyone) return origin === undefined ? none : open
    if (origin === undefined) return denied
    return remembered.get(origin) ?? decide(origin)
  }

  function decide(origin: string): HeaderPairs {
    if (!matchers.some((matches) => matches(origin))) return denied
    const pairs = ['access-control-allow-origin', origin, 'vary', 'Origin', ...exposed]
    if (credentials) pairs.push('access-control-allow-credentials', 'true')
    if (remembered.size < maxRemembered) remembered.set(origin, pairs)
    return pairs
  }

  function preflight(request: IncomingMessage): Answer | undefined {
    const { origin, 'access-control-request-method': asked, 'access-control-request-headers': names } = request.headers
    if (request.method !== 'OPTIONS' || origin === undefined || asked === undefined) return undefined
    const headers: Record<string, string> = {
      'access-control-allow-methods': methods,
      'access-control-max-age': String(maxAge),
    }
    if (typeof names === 'string' && /^[\w!#$%&'*+.^`|~, -]{1,1000}$/.test(names))
      headers['access-control-allow-headers'] = names
    return { status: 204, headers, body: null }
  }

  return { headersFor, preflight }
}

/**
 * Exact, or with a wildcard in front of the host: `https://*.example.org` takes one label or none,
 * `https://**.example.org` any number or none. Case does not matter, the port does.
 */
function originMatcher(pattern: string): (origin: string) => boolean {
  const labels = pattern.toLowerCase().replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
  const expression = labels.replace('**\\.', '([a-z0-9-]+\\.)*').replace('*\\.', '([a-z0-9-]+\\.)?')
  const compiled = new RegExp(`^${expression}$`)
  return (origin) => compiled.test(origin.toLowerCase())
}
