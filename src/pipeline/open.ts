import type { Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import { isAccepted, readMediaType } from './body.ts'
import type { Incoming } from './incoming.ts'
import type { Asked } from './ports.ts'
import type { RawCall } from './raw-call.ts'

/** Where credentials travel, so that no handler, envelope or log ever sees one. */
export interface Secrets {
  /** Lower case. */
  readonly headers: readonly string[]
  /** Names of the query string; empty where query tokens are switched off. */
  readonly query: readonly string[]
  readonly cookies: readonly string[]
}

/** Makes the step that turns an authorized request into a call: body read under the endpoint's limit, credentials taken out. */
export function opener(secrets: Secrets): (endpoint: Endpoint, asked: Asked) => RawCall | Promise<RawCall> {
  return (endpoint, asked) => {
    const { incoming } = asked
    if (!hasBody(incoming)) return new OpenedCall(secrets, asked, { mediaType: '', bytes: undefined })
    const mediaType = acceptedType(endpoint, incoming)
    return incoming.body(endpoint.bodyLimit).then((bytes) => {
      return new OpenedCall(
        secrets,
        asked,
        bytes.byteLength === 0 ? { mediaType: '', bytes: undefined } : { mediaType, bytes },
      )
    })
  }
}

/** A body on GET has no meaning and is left unread. */
function hasBody(incoming: Incoming): boolean {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return false
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}

function acceptedType(endpoint: Endpoint, incoming: Incoming): string {
  const header = incoming.headers['content-type']
  const encoding = incoming.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new PosternError('UNSUPPORTED_MEDIA_TYPE', 'Compressed bodies are not taken.')
  const mediaType = typeof header === 'string' ? readMediaType(header) : undefined
  if (mediaType !== undefined && isAccepted(mediaType, endpoint.accepts)) return mediaType
  const taken = endpoint.accepts ?? ['application/json', 'application/x-www-form-urlencoded']
  const sent = typeof header === 'string' ? JSON.stringify(header.slice(0, 100)) : 'no Content-Type'
  throw new PosternError(
    'UNSUPPORTED_MEDIA_TYPE',
    `This endpoint takes ${taken.join(' or ')}; the request has ${sent}.`,
  )
}

/** A call with its dearer parts made when first read. */
class OpenedCall implements RawCall {
  readonly id: string
  readonly method: Verb
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly search: string
  readonly mediaType: string
  readonly body: Uint8Array | undefined
  readonly caller: Caller
  readonly address: string
  readonly #secrets: Secrets
  readonly #incoming: Incoming

  constructor(
    secrets: Secrets,
    asked: Asked,
    body: { readonly mediaType: string; readonly bytes: Uint8Array | undefined },
  ) {
    const { incoming } = asked
    this.id = incoming.id
    this.method = verbOf(incoming.method)
    this.path = incoming.path
    this.params = asked.params
    this.search = withoutSecrets(incoming.search, secrets.query)
    this.mediaType = body.mediaType
    this.body = body.bytes
    this.caller = asked.caller
    this.address = incoming.ip
    this.#secrets = secrets
    this.#incoming = incoming
  }

  get url(): string {
    return this.#incoming.base + this.path
  }

  get headers(): Readonly<Record<string, string>> {
    return openHeaders(this.#incoming, this.#secrets)
  }
}

/** The router has matched the verb; HEAD walks as the GET it follows. */
function verbOf(method: string): Verb {
  return method === 'HEAD' ? 'GET' : (method as Verb)
}

function withoutSecrets(search: string, names: readonly string[]): string {
  if (names.length === 0 || !mayHoldSecret.test(search)) return search
  const kept = search.split('&').filter((pair) => !names.includes(nameOf(pair)))
  return kept.join('&')
}

/** Every name of a query credential ends in `token`, unless it is spelled with percent signs. */
const mayHoldSecret = /token|%/

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  const name = (equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' ')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function openHeaders(incoming: Incoming, secrets: Secrets): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>
  for (const name in incoming.headers) {
    const value = incoming.headers[name]
    if (value === undefined || secrets.headers.includes(name)) continue
    const text = typeof value === 'string' ? value : value.join(', ')
    if (name !== 'cookie') headers[name] = text
    else if (withoutCookies(text, secrets.cookies) !== '') headers[name] = withoutCookies(text, secrets.cookies)
  }
  return headers
}

function withoutCookies(text: string, names: readonly string[]): string {
  const kept = text.split(';').filter((pair) => !names.includes(pair.split('=', 1)[0]?.trim() ?? ''))
  return kept.join(';').trim()
}
