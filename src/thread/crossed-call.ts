import { anonymous, type Caller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import { must } from '../errors/must.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { Reader } from './protocol.ts'

/** Callers seen by a thread, by number: who comes again crosses as a number. */
export type Callers = Map<number, Caller>

/** Appends a call: few values, all of them text or numbers but for the body. */
export function writeCall(to: unknown[], call: RawCall, callerNumber: number): void {
  to.push(call.id, call.method, call.path, baseOf(call), call.search, call.mediaType, ownBytes(call.body), callerNumber)
  to.push(headerLines(call.headers))
  writeParams(to, call.params)
}

/** The call as it was written; headers are read apart only where somebody looks. */
export function readCall(from: Reader, callers: Callers): RawCall {
  return new CrossedCall(from, callers)
}

/** All of a call as one object, for messages that are not many. */
export function plainCall(call: RawCall): RawCall {
  const { id, method, path, url, params, search, headers, mediaType, body, caller } = call
  return {
    id,
    method,
    path,
    url,
    params: { ...params },
    search,
    headers: { ...headers },
    mediaType,
    body: ownBytes(body),
    caller,
  }
}

class CrossedCall implements RawCall {
  readonly id: string
  readonly method: Verb
  readonly path: string
  readonly search: string
  readonly mediaType: string
  readonly body: Uint8Array | undefined
  readonly caller: Caller
  readonly params: Readonly<Record<string, string>>
  readonly #base: string
  readonly #lines: string
  #headers: Readonly<Record<string, string>> | undefined

  constructor(from: Reader, callers: Callers) {
    this.id = from.next()
    this.method = from.next()
    this.path = from.next()
    this.#base = from.next()
    this.search = from.next()
    this.mediaType = from.next()
    this.body = from.next()
    const number = from.next<number>()
    this.caller = number === 0 ? anonymous : must(callers.get(number), 'a caller crosses before their calls')
    this.#lines = from.next()
    this.params = readParams(from)
  }

  get url(): string {
    return this.#base.startsWith('=') ? this.#base.slice(1) : this.#base + this.path
  }

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= headersFrom(this.#lines))
  }
}

/** What stands before the path in the URL; a URL that does not end in the path crosses whole, marked by `=`. */
function baseOf(call: RawCall): string {
  const { url, path } = call
  return url.endsWith(path) ? url.slice(0, url.length - path.length) : `=${url}`
}

/** A value of a header can hold no line feed, so names and values can be told apart again. */
function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = ''
  for (const name in headers) lines += `${name}\n${headers[name]}\n`
  return lines
}

function headersFrom(lines: string): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>
  const parts = lines.split('\n')
  for (let index = 0; index + 1 < parts.length; index += 2) headers[parts[index] ?? ''] = parts[index + 1] ?? ''
  return headers
}

function writeParams(to: unknown[], params: Readonly<Record<string, string>>): void {
  const count = to.push(0) - 1
  let written = 0
  for (const name in params) {
    to.push(name, params[name])
    written++
  }
  to[count] = written
}

const noParams: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

function readParams(from: Reader): Readonly<Record<string, string>> {
  const count = from.next<number>()
  if (count === 0) return noParams
  const params = Object.create(null) as Record<string, string>
  for (let index = 0; index < count; index++) params[from.next<string>()] = from.next<string>()
  return params
}

/** A view into a pool would take the whole pool along. */
export function ownBytes(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined || bytes.byteLength === bytes.buffer.byteLength) return bytes
  return new Uint8Array(bytes)
}

/** Bytes that were handed to another thread are there no more. */
export function isDetached(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.detached
}
