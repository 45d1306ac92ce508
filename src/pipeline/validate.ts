import { following, type Awaitable } from '../errors/awaitable.ts'
import { isSafe, type Verb } from '../endpoint/method.ts'
import type { Definition, SchemaPart } from '../endpoint/record.ts'
import { PosternError, type FieldError } from '../errors/postern-error.ts'
import type { ErrorCode } from '../errors/table.ts'
import { coerceText, propertyNames } from '../schema/coerce.ts'
import { check } from '../schema/standard.ts'
import { parseBody } from './body.ts'
import { LiveCall, type Parts } from './live-call.ts'
import { parseQuery, type Query } from './query-string.ts'
import { refuseUnknownNames } from './query-names.ts'
import type { RawCall } from './raw-call.ts'
import type { Stage } from './stage.ts'

/** The call with everything parsed and checked: query names, then path, query and body by their schemas. */
export function validate(definition: Definition, raw: RawCall, at: Stage): Awaitable<LiveCall> {
  const { record, schemas } = definition
  if (record.missing !== undefined) throw new PosternError('NOT_IMPLEMENTED', record.missing)
  const query = parseQuery(raw.search)
  const allowed =
    definition.allowedQuery?.(raw.method) ?? record.allowedQuery?.[raw.method] ?? namesOf(record.schemas.query)
  if (allowed) refuseUnknownNames(query, allowed, raw)
  const body = raw.body === undefined ? undefined : parseBody(raw.body, raw.mediaType)
  const parts: Parts = { params: raw.params, query, body }
  const call = (checked: Parts) => new LiveCall({ ...checked, raw, record, at, plainQuery: query })
  if (!schemas.params && !schemas.query && !schemas.body) return call(parts)
  return following(checkParts(definition, parts, raw.method), call)
}

function namesOf(schema: Readonly<Record<string, unknown>> | undefined): readonly string[] | undefined {
  return schema && propertyNames(schema)
}

/** A GET has no body to check, though the endpoint may describe one for its other verbs. */
function checkParts(definition: Definition, parts: Parts, method: Verb): Awaitable<Parts> {
  return following(checkPart(definition, 'params', parts.params), (params) =>
    following(checkPart(definition, 'query', parts.query), (query) =>
      following(isSafe(method) ? parts.body : checkPart(definition, 'body', parts.body), (body) => ({
        params: params as Parts['params'],
        query: query as Query,
        body,
      })),
    ),
  )
}

const refusal = {
  params: ['BAD_PARAM', 'A part of the path does not fit.'],
  query: ['BAD_QUERY_VALUE', 'A query value does not fit.'],
  body: ['INVALID', 'The body does not fit.'],
} as const satisfies Partial<Record<SchemaPart, readonly [ErrorCode, string]>>

function checkPart(definition: Definition, part: keyof typeof refusal, value: unknown): Awaitable<unknown> {
  const schema = definition.schemas[part]
  if (!schema) return value
  const json = definition.record.schemas[part]
  const coerced = part === 'body' || !json ? value : coerceText(json, value as Readonly<Record<string, string>>, part)
  return following(check(schema, coerced, part), (verdict) => {
    if ('errors' in verdict) throw refuse(part, verdict.errors)
    return verdict.value
  })
}

function refuse(part: keyof typeof refusal, errors: readonly FieldError[]): PosternError {
  const [code, sentence] = refusal[part]
  const first = errors[0]
  return new PosternError(code, first ? `${sentence} ${first.path}: ${first.message}` : sentence, { errors })
}
