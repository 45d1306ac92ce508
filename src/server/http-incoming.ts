import type { IncomingMessage, ServerResponse } from 'node:http'
import { PosternError } from '../errors/postern-error.ts'
import type { Incoming } from '../pipeline/incoming.ts'
import { readBody } from './read-body.ts'

/** What all requests of one server share. */
export interface Reception {
  readonly base: () => string
  readonly addressOf: (request: IncomingMessage) => string
  /** Milliseconds after which a slow body is refused. */
  readonly bodyPatience: number
}

// Ids are not secrets: a random beginning keeps those of two processes apart, a count those of one.
const boot = Math.random().toString(36).slice(2, 8).padEnd(6, '0')
let count = 0

/** Longer targets than this are refused; RFC 9110 asks for 8,000 at least. */
const maxTarget = 8_192

/** An `Incoming` over Node's request: whatever a public hello does not look at is made when it is first read. */
export class HttpIncoming implements Incoming {
  readonly id = `${boot}-${(count++).toString(36)}`
  readonly method: string
  readonly path: string
  readonly search: string
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #reception: Reception
  #controller: AbortController | undefined
  #body: Promise<Uint8Array> | undefined

  constructor(reception: Reception, request: IncomingMessage, response: ServerResponse) {
    const target = originForm(request.url ?? '/')
    const question = target.indexOf('?')
    this.method = request.method ?? 'GET'
    this.path = question < 0 ? target : target.slice(0, question)
    this.search = question < 0 ? '' : target.slice(question + 1)
    this.#request = request
    this.#response = response
    this.#reception = reception
  }

  get headers(): Incoming['headers'] {
    return this.#request.headers
  }

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders
  }

  get base(): string {
    return this.#reception.base()
  }

  get ip(): string {
    return this.#reception.addressOf(this.#request)
  }

  signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal
    const controller = new AbortController()
    const response = this.#response
    this.#controller = controller
    if (response.destroyed) controller.abort()
    else response.once('close', () => response.writableFinished || controller.abort())
    return controller.signal
  }

  body(limit: number): Promise<Uint8Array> {
    this.#body ??= this.#read(limit)
    return this.#body
  }

  /** Says what is wrong with the request before anybody looks at its path; most requests pass three comparisons. */
  refusal(): PosternError | undefined {
    const length = this.path.length + this.search.length
    if (length > maxTarget)
      return new PosternError('URI_TOO_LONG', `The request target has more than ${maxTarget} characters.`)
    if (this.path.charCodeAt(0) !== 0x2f) return new PosternError('BAD_PATH', 'The path does not begin with a slash.')
    if (this.#request.headers.host === undefined && this.#request.httpVersionMinor === 1)
      return new PosternError('BAD_REQUEST', 'HTTP/1.1 asks for a Host header.')
    return undefined
  }

  #read(limit: number): Promise<Uint8Array> {
    const doubled = doubledHeader(this.#request.rawHeaders)
    if (doubled !== undefined)
      return Promise.reject(new PosternError('BAD_REQUEST', `The header ${doubled} is given more than once.`))
    // Node only asks the client to go on by itself where nobody listens for `checkContinue`; the server does.
    const declared = Number(this.#request.headers['content-length'] ?? 0)
    if (declared <= limit && expectsContinue(this.#request)) this.#response.writeContinue()
    return readBody(this.#request, { limit, patience: this.#reception.bodyPatience })
  }
}

export function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === '100-continue'
}

/** What says how a body is to be read must be said once: of two, Node takes the first and others the last. */
function doubledHeader(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    if (name !== 'content-type' && name !== 'content-encoding') continue
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/** A proxy may send the absolute form (`GET http://host/path`); the host in it decides nothing. */
function originForm(target: string): string {
  if (target.charCodeAt(0) === 0x2f) return target
  const rest = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1]
  if (rest === undefined) return target
  return rest.startsWith('/') ? rest : `/${rest}`
}
