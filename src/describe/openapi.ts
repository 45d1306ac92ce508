import { parsePathPattern } from '../endpoint/path-pattern.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { errorTable, type ErrorCode } from '../errors/table.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { operationOf, tagOf } from './openapi-operation.ts'

export interface ApiFacts {
  readonly title: string
  readonly version: string
  /** Absolute, without a slash at its end: `https://example.org`. */
  readonly url: string
  /** The header that a token may come in, beside `Authorization`. */
  readonly tokenHeader: string
  /** The query name that a token may come in; absent where query tokens are switched off. */
  readonly tokenQuery?: string
  readonly cookie: string
}

export type OpenApi = Readonly<Record<string, unknown>>

/** The given endpoints as an OpenAPI 3.1 document; who may see which is decided before. */
export function openapi(endpoints: readonly Endpoint[], facts: ApiFacts): OpenApi {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, JsonSchema> = { Problem: problemSchema() }
  const responses: Record<string, unknown> = {}
  const byPath = endpoints.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  for (const { endpoint, names, path } of withCommonNames(byPath)) {
    const item = (paths[path] ??= {})
    for (const verb of endpoint.methods) {
      const { operation, definitions, refusals } = operationOf(endpoint, verb, names)
      item[verb.toLowerCase()] = operation
      Object.assign(schemas, definitions)
      Object.assign(responses, refusals)
    }
  }
  const tags = [...new Set(endpoints.flatMap(tagOf))]
    .toSorted()
    .map((name) => ({ name, description: `Endpoints of ${name}.` }))
  return {
    openapi: '3.1.0',
    info: { title: facts.title, version: facts.version, description: introduction },
    servers: [{ url: facts.url }],
    ...(tags.length > 0 ? { tags } : {}),
    paths,
    // Without an operation nothing would refer to them.
    components: endpoints.length > 0 ? { schemas, responses, securitySchemes: securitySchemes(facts) } : {},
  }
}

const introduction =
  'Every endpoint of this site that you may call. Errors are `application/problem+json`: decide on `code`, read `hint`.'

interface Placed {
  readonly endpoint: Endpoint
  readonly path: string
  /** What the document calls each path parameter, where another endpoint of the same shape named it first. */
  readonly names: ReadonlyMap<string, string>
}

/** OpenAPI has one name for a path, whatever its verbs call the parameters: the first endpoint names them. */
function withCommonNames(endpoints: readonly Endpoint[]): readonly Placed[] {
  const first = new Map<string, readonly string[]>()
  return endpoints.map((endpoint) => {
    const pattern = parsePathPattern(endpoint.path)
    const common = first.get(pattern.shape) ?? pattern.names
    first.set(pattern.shape, common)
    const names = new Map(pattern.names.map((name, index) => [name, common[index] ?? name]))
    const parts = pattern.segments.map(({ kind, text }) => (kind === 'literal' ? text : `{${names.get(text) ?? text}}`))
    return { endpoint, names, path: `/${parts.join('/')}` }
  })
}

function problemSchema(): JsonSchema {
  const codes: ErrorCode[] = (Object.keys(errorTable) as ErrorCode[]).toSorted()
  const text = { type: 'string' }
  const field = { type: 'object', properties: { path: text, message: text }, required: ['path', 'message'] }
  return {
    type: 'object',
    description: 'What went wrong (RFC 9457). `code` is permanent, `hint` says what to do.',
    properties: {
      type: { type: 'string', format: 'uri' },
      title: text,
      status: { type: 'integer' },
      detail: text,
      instance: { type: 'string', description: 'The id of the request; the log has it too.' },
      code: { enum: codes },
      hint: text,
      errors: { type: 'array', items: field },
    },
    required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'hint'],
  }
}

function securitySchemes(facts: ApiFacts): OpenApi {
  return {
    bearer: { type: 'http', scheme: 'bearer', description: bearerText(facts) },
    tokenHeader: { type: 'apiKey', in: 'header', name: facts.tokenHeader },
    session: { type: 'apiKey', in: 'cookie', name: facts.cookie },
  }
}

/** That it works in the query string is told, but no client shall be made to put it there. */
function bearerText({ tokenQuery }: ApiFacts): string {
  const text = 'An API token, or the access token of a session.'
  if (tokenQuery === undefined) return text
  return `${text} Also taken from the query name \`${tokenQuery}\`, where logs and histories of others may keep it.`
}
