import type { Call, Log } from '../endpoint/call.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Content } from '../endpoint/content.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { Reply } from '../endpoint/reply.ts'
import type { Query } from './query-string.ts'
import type { RawCall } from './raw-call.ts'
import type { Stage } from './stage.ts'

/** The parts of a call that schemas check. */
export interface Parts {
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

interface Made extends Parts {
  readonly raw: RawCall
  readonly record: Endpoint
  readonly at: Stage
  /** The query string before schemas changed it. */
  readonly plainQuery: Query
}

/** The call a handler gets. Members that cost something are made when first touched, so that a hello pays for none. */
export class LiveCall implements Call {
  readonly #made: Made
  #reply: Reply | undefined
  #content: Content | undefined

  constructor(made: Made) {
    this.#made = made
  }

  get id(): string {
    return this.#made.raw.id
  }
  get method(): Verb {
    return this.#made.raw.method
  }
  get url(): string {
    return this.#made.raw.url
  }
  get path(): string {
    return this.#made.raw.path
  }
  get params(): Readonly<Record<string, unknown>> {
    return this.#made.params
  }
  get query(): Readonly<Record<string, unknown>> {
    return this.#made.query
  }
  get raw(): RawCall {
    return this.#made.raw
  }
  get plainQuery(): Query {
    return this.#made.plainQuery
  }
  get body(): unknown {
    return this.#made.body
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#made.raw.headers
  }
  get caller(): Caller {
    return this.#made.raw.caller
  }
  get address(): string {
    return this.#made.raw.address ?? ''
  }
  get signal(): AbortSignal {
    return this.#made.at.abort.signal
  }
  get content(): Content {
    return (this.#content ??= this.#made.at.services.contentFor(this.#made.raw.caller))
  }
  get reply(): Reply {
    return (this.#reply ??= new Reply())
  }
  /** What the handler said of the answer, if it said anything. */
  get said(): Reply | undefined {
    return this.#reply
  }
  get log(): Log {
    return this.#made.at.services.logFor(this.#made.raw, this.#made.record)
  }
  get asSystem(): Call['asSystem'] {
    const { raw, at } = this.#made
    return (reason) => ({ content: at.services.contentAsSystem(raw.caller, reason, raw) })
  }
  get param(): Call['param'] {
    const { params, query, body } = this.#made
    return (name, fallback) => {
      for (const from of [params, query, body]) if (holds(from, name)) return from[name]
      return fallback
    }
  }
}

function holds(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && Object.hasOwn(value, name)
}
