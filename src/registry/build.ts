import { addRoute, createRouter, findAllRoutes, findRoute, type RouterContext } from 'rou3'
import { PosternError, placeText } from '../errors/postern-error.ts'
import { isVerb, type Verb } from '../endpoint/method.ts'
import { parsePathPattern } from '../endpoint/path-pattern.ts'
import type { Endpoint } from '../endpoint/record.ts'

/** All endpoints of a site, frozen. Another state of the site is another registry. */
export interface Registry {
  readonly endpoints: readonly Endpoint[]
  readonly byId: ReadonlyMap<string, Endpoint>
  /** The endpoint for a verb and a raw path, with decoded parameters; NOT_FOUND, METHOD_NOT_ALLOWED or BAD_PATH otherwise. */
  readonly route: (method: string, path: string) => Match
  /** The verbs that some endpoint claims on the path; empty where there is none. */
  readonly verbsAt: (path: string) => readonly Verb[]
}

export interface Match {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

interface Branch {
  /** By what a request says, which may be no verb at all. */
  readonly byVerb: Map<string, Claim>
}

/** The router folds a trailing slash away; to us it is another path, so the few that claim one have a table of their own. */
interface Table {
  readonly plain: RouterContext<Branch>
  readonly slashed: RouterContext<Branch>
}

interface Claim {
  readonly endpoint: Endpoint
  readonly names: readonly string[]
  /** What the router calls them; made once, as a text made for each request has to be looked up among all texts. */
  readonly keys: readonly string[]
}

const noParams: Readonly<Record<string, string>> = Object.freeze({})

/**
 * Throws ENDPOINT_CONFLICT naming both files and lines where two endpoints claim one verb and path. An endpoint
 * without verbs claims its path only: it answers 405 there and is listed nowhere.
 */
export function buildRegistry(endpoints: readonly Endpoint[]): Registry {
  const kept = withoutOverridden(endpoints)
  const table: Table = { plain: createRouter<Branch>(), slashed: createRouter<Branch>() }
  const branches = new Map<string, Branch>()
  for (const endpoint of kept) claim(endpoint, table, branches)
  const byId = new Map(kept.map((endpoint) => [endpoint.id, endpoint]))
  return Object.freeze({
    endpoints: Object.freeze(kept.filter((one) => one.methods.length > 0).sort(byPath)),
    byId,
    route: (method: string, path: string) => match(table, method, path),
    verbsAt: (path: string) => verbsOf(findAllRoutes(routerFor(table, path), '', path).map((found) => found.data)),
  })
}

/** An endpoint marked `override` takes the place of an addon's on the same verbs and path. */
function withoutOverridden(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const overriding = new Set(endpoints.filter((one) => one.override).flatMap(claimsOf))
  if (overriding.size === 0) return endpoints
  return endpoints.filter(
    (one) => one.override || one.source !== 'addon' || !claimsOf(one).some((key) => overriding.has(key)),
  )
}

function claimsOf(endpoint: Endpoint): string[] {
  const { shape } = parsePathPattern(endpoint.path)
  return endpoint.methods.map((verb) => `${verb} ${shape}`)
}

function claim(endpoint: Endpoint, table: Table, branches: Map<string, Branch>): void {
  const pattern = parsePathPattern(endpoint.path)
  const found = branches.get(pattern.shape)
  const branch = found ?? { byVerb: new Map<string, Claim>() }
  const keys = pattern.names.map((_, index) => `p${index}`)
  for (const verb of endpoint.methods) {
    const rival = branch.byVerb.get(verb)
    if (rival) throw conflict(verb, endpoint, rival.endpoint)
    branch.byVerb.set(verb, { endpoint, names: pattern.names, keys })
  }
  if (found) return
  branches.set(pattern.shape, branch)
  let count = 0
  const routed = pattern.segments.map((segment) => {
    if (segment.kind === 'literal') return segment.text
    return `${segment.kind === 'one' ? ':' : '**:'}p${count++}`
  })
  addRoute(routerFor(table, endpoint.path), '', `/${routed.join('/')}`, branch)
}

function conflict(verb: Verb, one: Endpoint, other: Endpoint): PosternError {
  const places = [one, other].map((endpoint) => placeText(endpoint.origin)).sort()
  return new PosternError('ENDPOINT_CONFLICT', `${verb} ${one.path} is claimed twice: by ${places.join(' and by ')}.`, {
    at: one.origin,
  })
}

function routerFor(table: Table, path: string): RouterContext<Branch> {
  return path.endsWith('/') && path !== '/' ? table.slashed : table.plain
}

function match(table: Table, method: string, path: string): Match {
  refusePath(path)
  const router = routerFor(table, path)
  const first = findRoute(router, '', path)
  const claimed = first?.data.byVerb.get(method)
  if (first && claimed) return { endpoint: claimed.endpoint, params: decodeParams(claimed, first.params) }
  if (!first) throw new PosternError('NOT_FOUND', 'There is no endpoint at this path.')
  return matchLessSpecific(router, method, path)
}

/** `/things/new` may be claimed for GET only while `/things/:id` takes POST. */
function matchLessSpecific(router: RouterContext<Branch>, method: string, path: string): Match {
  const all = findAllRoutes(router, '', path)
  for (const found of all.toReversed()) {
    const claimed = found.data.byVerb.get(method)
    if (claimed) return { endpoint: claimed.endpoint, params: decodeParams(claimed, found.params) }
  }
  const allow = allowHeader(verbsOf(all.map((found) => found.data)))
  throw new PosternError('METHOD_NOT_ALLOWED', `This path does not take ${method.slice(0, 20)}; it takes ${allow}.`, {
    headers: { allow },
  })
}

function verbsOf(branches: readonly Branch[]): Verb[] {
  return [...new Set(branches.flatMap((branch) => [...branch.byVerb.keys()].filter(isVerb)))].sort()
}

export function allowHeader(verbs: readonly Verb[]): string {
  const head = verbs.includes('GET') ? ['HEAD'] : []
  return [...verbs, ...head, 'OPTIONS'].join(', ')
}

/** One spelling per path: what two readers could understand differently is no path of ours. */
function refusePath(path: string): void {
  if (!suspicious.test(path)) return
  if (/[\x00-\x20\x7f\\]|%(?![0-9a-f]{2})|%(?:[01][0-9a-f]|7f|2f|5c)/i.test(path)) {
    throw new PosternError(
      'BAD_PATH',
      'The path holds an encoded slash, a back slash, a control character or a broken percent sign.',
    )
  }
  if (/\/\/|\/\.{1,2}(?:\/|$)|\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path))
    throw new PosternError('NOT_FOUND', 'There is no endpoint at this path.')
}

const suspicious = /[\x00-\x20\x7f\\%]|\/\/|\/\./

function decodeParams(
  { names, keys }: Claim,
  found: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  if (names.length === 0) return noParams
  const params = Object.create(null) as Record<string, string>
  for (let index = 0; index < names.length; index++) {
    params[names[index] ?? ''] = decodeSegment(found?.[keys[index] ?? ''] ?? '')
  }
  return params
}

function decodeSegment(text: string): string {
  if (text.endsWith('/') || text.startsWith('/'))
    throw new PosternError('NOT_FOUND', 'There is no endpoint at this path.')
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new PosternError('BAD_PATH', 'The path is not percent-encoded UTF-8.', { cause })
  }
}

function byPath(one: Endpoint, other: Endpoint): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1
  return one.id < other.id ? -1 : 1
}
