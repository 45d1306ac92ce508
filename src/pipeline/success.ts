import { EmptyAnswer, EnvelopeData } from '../endpoint/envelope.ts'
import { isResponse } from '../endpoint/is-response.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Reply } from '../endpoint/reply.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Answer } from './answer.ts'
import type { LiveCall } from './live-call.ts'

const json: Readonly<Record<string, string>> = Object.freeze({ 'content-type': 'application/json; charset=utf-8' })
const text: Readonly<Record<string, string>> = Object.freeze({ 'content-type': 'text/plain; charset=utf-8' })
const bytes: Readonly<Record<string, string>> = Object.freeze({ 'content-type': 'application/octet-stream' })
const none: Readonly<Record<string, string>> = Object.freeze({})

/** What a handler returned, as an answer: in the envelope where the endpoint has one, else by the kind of value. */
export function success(record: Endpoint, call: LiveCall, result: unknown): Answer {
  if (result instanceof EmptyAnswer) return merge({ status: result.status, headers: none, body: null }, call.said)
  if (isResponse(result)) return fromResponse(result, call.said)
  if (record.envelope !== undefined && !isStream(result))
    return merge(enveloped(record.envelope, call, result), call.said)
  return merge(bare(result), call.said)
}

function enveloped(api: string, call: LiveCall, result: unknown): Answer {
  if (result === undefined) return { status: 204, headers: none, body: null }
  const { data, paging } = result instanceof EnvelopeData ? result : { data: result, paging: undefined }
  const head = `{"api":${JSON.stringify(api)},"data":${stringify(data)},"method":"${call.method.toLowerCase()}"`
  const middle = paging === undefined ? '' : `,"paging":${stringify(paging)}`
  return {
    status: 200,
    headers: json,
    body: `${head}${middle},"params":${paramsText(call)},"url":${JSON.stringify(call.url)}}`,
  }
}

/** `[]` when there are none: clients of the ancestor rely on it. */
function paramsText(call: LiveCall): string {
  for (const _name in call.plainQuery) return JSON.stringify(call.plainQuery)
  return '[]'
}

function bare(result: unknown): Answer {
  switch (typeof result) {
    case 'undefined':
      return { status: 204, headers: none, body: null }
    case 'string':
      return { status: 200, headers: text, body: result }
    case 'boolean':
      if (!result) throw new PosternError('NOT_FOUND', 'There is nothing here.')
      return { status: 200, headers: json, body: 'true' }
    case 'object':
      return fromObject(result)
    default:
      return { status: 200, headers: json, body: stringify(result) }
  }
}

function fromObject(result: object | null): Answer {
  if (result === null) return { status: 204, headers: none, body: null }
  if (result instanceof Uint8Array) return { status: 200, headers: bytes, body: result }
  if (result instanceof ArrayBuffer) return { status: 200, headers: bytes, body: new Uint8Array(result) }
  if (result instanceof ReadableStream)
    return { status: 200, headers: bytes, body: result as ReadableStream<Uint8Array> }
  if (isStream(result)) return { status: 200, headers: bytes, body: ReadableStream.from(encoded(result)) }
  return { status: 200, headers: json, body: stringify(result) }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Node streams and generators may yield text as well as bytes. */
async function* encoded(parts: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const part of parts) {
    if (typeof part === 'string') yield encoder.encode(part)
    else if (part instanceof Uint8Array) yield part
    else throw new PosternError('BAD_ANSWER', 'The stream yields something other than text and bytes.')
  }
}

function fromResponse(response: Response, said: Reply | undefined): Answer {
  if (response.bodyUsed) throw new PosternError('BAD_ANSWER', 'The Response was already read.')
  const headers: Record<string, string> = {}
  for (const [name, value] of response.headers) headers[name] = value
  return merge({ status: response.status, headers, body: response.body }, said)
}

function stringify(value: unknown): string {
  try {
    const written: unknown = JSON.stringify(value)
    if (typeof written === 'string') return written
  } catch (cause) {
    throw new PosternError('BAD_ANSWER', 'What the handler returned cannot be written as JSON.', { cause })
  }
  throw new PosternError('BAD_ANSWER', `A handler cannot return a ${typeof value}.`)
}

function merge(answer: Answer, said: Reply | undefined): Answer {
  if (!said) return answer
  const status = said.code ?? answer.status
  const empty = status === 204 || status === 205 || status === 304
  return { status, headers: { ...answer.headers, ...said.headers }, body: empty ? null : answer.body }
}
