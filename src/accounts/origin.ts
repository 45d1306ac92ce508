import { PosternError } from '../errors/postern-error.ts'
import type { Settings } from './settings.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

type Where = Pick<Settings, 'origins' | 'publicUrl'>

interface FromSomewhere {
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/**
 * A browser sends its cookies along with whatever any page asks for. So a request that may change something is refused
 * unless the browser itself says that one of our own pages made it.
 */
export function refuseForeignOrigin(settings: Where, request: FromSomewhere): void {
  if (safe.has(request.method)) return
  const origin = request.headers['origin']
  if (origin === undefined ? isSameOriginFetch(request) : isOurs(settings, request, origin)) return
  throw new PosternError('FOREIGN_ORIGIN', 'The request was not made by a page of this site.')
}

/** Without a configured address (in development) the browser's own Host header has to do: no page can forge it. */
function isOurs(settings: Where, request: FromSomewhere, origin: unknown): boolean {
  if (typeof origin !== 'string') return false
  if (settings.origins.has(origin)) return true
  return settings.publicUrl === undefined && URL.canParse(origin) && new URL(origin).host === request.headers['host']
}

function isSameOriginFetch(request: FromSomewhere): boolean {
  return request.headers['sec-fetch-site'] === 'same-origin'
}

/** For signing in with a cookie: another site's page must not sign its visitor in here, as somebody else. */
export function refuseForeignPage(settings: Where, call: Pick<FromSomewhere, 'headers'>): void {
  if (call.headers['origin'] === undefined && call.headers['sec-fetch-site'] === undefined) return
  refuseForeignOrigin(settings, { method: 'POST', headers: call.headers })
}
