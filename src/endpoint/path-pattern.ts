/** A path pattern taken apart: literal text, `:name` for one segment, `*name` (last) for one segment or more. */
export interface PathPattern {
  readonly segments: readonly Segment[]
  /** Equal for patterns that match the same paths, whatever their parameters are called. */
  readonly shape: string
  /** Names of the parameters, in order. */
  readonly names: readonly string[]
}

type Segment = { readonly kind: 'literal' | 'one' | 'rest'; readonly text: string }

/** Throws a plain Error that says what is wrong with the pattern; sources add the place. */
export function parsePathPattern(path: string): PathPattern {
  if (!path.startsWith('/')) throw new Error(`A path starts with "/": ${JSON.stringify(path)}`)
  const parts = path.slice(1).split('/')
  const segments = parts.map((part, index) => parseSegment(part, index === parts.length - 1))
  const names = segments.filter((segment) => segment.kind !== 'literal').map((segment) => segment.text)
  if (new Set(names).size !== names.length) throw new Error(`A parameter name is used twice in ${JSON.stringify(path)}`)
  return { segments, names, shape: `/${segments.map(shapeOf).join('/')}` }
}

function parseSegment(part: string, last: boolean): Segment {
  const kind = part.startsWith(':') ? 'one' : part.startsWith('*') ? 'rest' : 'literal'
  if (kind === 'literal') return parseLiteral(part)
  const text = part.slice(1)
  if (kind === 'rest' && !last) throw new Error(`"*${text}" can only be the last part of a path`)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) throw new Error(`${JSON.stringify(part)} is not a parameter name`)
  if (text === '__proto__') throw new Error('A parameter cannot be called "__proto__"')
  return { kind, text }
}

function parseLiteral(text: string): Segment {
  if (text === '.' || text === '..') throw new Error(`${JSON.stringify(text)} cannot be a part of a path`)
  if (/^[A-Za-z0-9._~!$'()+,;=@-]*$/.test(text)) return { kind: 'literal', text }
  throw new Error(`${JSON.stringify(text)} has characters that a path cannot hold`)
}

function shapeOf(segment: Segment): string {
  if (segment.kind === 'literal') return segment.text
  return segment.kind === 'one' ? ':' : '*'
}
