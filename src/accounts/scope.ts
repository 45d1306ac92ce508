import { PosternError } from '../errors/postern-error.ts'
import { isVerb, type Verb } from '../endpoint/method.ts'

/**
 * What an API token is limited to, one line each: `GET /api/custom`, `GET,POST /api/things/*`, `/api/docs/**` (every
 * verb), `read` (GET of anything). Anchored at both ends; `*` or `:name` stands for one segment, a last `**` or `*name`
 * for one or more.
 */
export type Scopes = (method: string, path: string) => boolean

interface Scope {
  /** Absent: every verb. */
  readonly verbs: readonly Verb[] | undefined
  /** Absent: every path. */
  readonly segments: readonly string[] | undefined
}

/** Compiled once for each token. No list at all means no limit; an empty one covers nothing. */
export function compileScopes(texts: readonly string[] | undefined): Scopes {
  if (texts === undefined) return everything
  const scopes = texts.map(parseScope)
  return (method, path) => scopes.some((scope) => covers(scope, method, path))
}

export type Reach = (endpoint: { readonly methods: readonly Verb[]; readonly path: string }) => boolean

/** Whether a token so limited can reach anything that an endpoint's path stands for. */
export function compileReach(texts: readonly string[]): Reach {
  const scopes = texts.map(parseScope)
  return ({ methods, path }) => {
    const own = path.slice(1).split('/').map(plainSegment)
    return scopes.some(({ verbs, segments }) => {
      if (verbs !== undefined && !methods.some((verb) => verbs.includes(verb))) return false
      return segments === undefined || overlap(segments, own)
    })
  }
}

/** Two patterns have a path in common. */
function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [[first, ...more], [second, ...others]] = [one, other]
  if (first === undefined || second === undefined) return first === second
  if (first === '**' || second === '**') return true
  return (first === second || first === '*' || second === '*') && overlap(more, others)
}

/** The scope in its one spelling; throws INVALID where it is none. */
export function scopeText(text: string): string {
  const { verbs, segments } = parseScope(text)
  if (segments === undefined) return 'read'
  const path = `/${segments.join('/')}`
  return verbs === undefined ? path : `${verbs.join(',')} ${path}`
}

function everything(): boolean {
  return true
}

function parseScope(text: string): Scope {
  const trimmed = text.trim()
  if (trimmed === 'read') return { verbs: ['GET'], segments: undefined }
  const [first = '', second, ...more] = trimmed.split(/\s+/)
  if (more.length > 0 || first === '') throw bad(text, 'write it as `GET /api/custom`')
  if (second === undefined) return { verbs: undefined, segments: segmentsOf(first, text) }
  return { verbs: verbsOf(first, text), segments: segmentsOf(second, text) }
}

function verbsOf(list: string, text: string): readonly Verb[] | undefined {
  if (list === '*') return undefined
  const verbs = list.toUpperCase().split(',')
  if (!verbs.every(isVerb)) throw bad(text, 'verbs are GET, POST, PUT, PATCH, DELETE or `*`')
  return verbs
}

function segmentsOf(path: string, text: string): readonly string[] {
  if (!path.startsWith('/')) throw bad(text, 'the path begins with a slash')
  if (/[?#%\\;]/.test(path)) throw bad(text, 'the path is written decoded, without a query string')
  const segments = path.slice(1).split('/').map(plainSegment)
  const misplaced = segments.findIndex((segment, index) => segment === '**' && index < segments.length - 1)
  if (misplaced >= 0) throw bad(text, '`**` can only be the last segment')
  if (segments.some((segment) => segment !== '*' && segment !== '**' && segment.includes('*'))) {
    throw bad(text, '`*` stands for a whole segment')
  }
  return segments
}

/** An endpoint's path as `postern routes` prints it is a scope as it stands. */
function plainSegment(segment: string): string {
  if (/^:\w+$/.test(segment)) return '*'
  return /^\*\w+$/.test(segment) ? '**' : segment
}

function covers(scope: Scope, method: string, path: string): boolean {
  const verb = method === 'HEAD' ? 'GET' : method
  if (scope.verbs !== undefined && !scope.verbs.some((one) => one === verb)) return false
  return scope.segments === undefined || matches(scope.segments, path)
}

function matches(segments: readonly string[], path: string): boolean {
  if (!path.startsWith('/')) return false
  const parts = path.slice(1).split('/')
  const open = segments.at(-1) === '**'
  if (open ? parts.length < segments.length : parts.length !== segments.length) return false
  return segments.every((segment, index) => segmentMatches(segment, parts, index))
}

function segmentMatches(segment: string, parts: readonly string[], index: number): boolean {
  if (segment === '**') return parts.slice(index).every(isPlain)
  const part = parts[index] ?? ''
  return segment === '*' ? isPlain(part) : part === segment
}

/** An empty or dotted segment is a path trick, not a name. */
function isPlain(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..'
}

function bad(text: string, why: string): PosternError {
  return new PosternError('INVALID', `${JSON.stringify(text)} is not a scope: ${why}.`, {
    errors: [{ path: 'scopes', message: why }],
  })
}
