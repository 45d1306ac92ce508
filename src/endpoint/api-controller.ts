import { isResponse } from './is-response.ts'
import type { Call } from './call.ts'
import type { Paging } from './content.ts'
import { EmptyAnswer, EnvelopeData } from './envelope.ts'
import type { Rule } from './rule.ts'
import { UrlParamTable, type UrlParams } from './url-params.ts'

/** Registered by name, so that they are the same in every thread and every copy of the package. */
const controllerMark = Symbol.for('postern.controller')
const answerMark = Symbol.for('postern.controller.answer')

/** Shared by all instances: there is one for each request. */
const none: readonly never[] = Object.freeze([])
const nothing = Object.freeze({})

/**
 * What a site's `api/controller.ts` extends. Each request gets an instance of its own, so nothing that a handler sets
 * can reach another request; what is registered with `validator` goes for the whole site.
 */
export class ApiController {
  static readonly [controllerMark] = true

  /** Names of endpoints: `friends` is answered by `getFriends`, `postFriends`, … or, for every verb, by `friends`. */
  endPoints: readonly string[] = none
  /** Absent from the index; 405 when called. */
  blacklistEndPoints: readonly string[] = none
  /** Object types that get a read-only endpoint under their plural. */
  whitelistObjectTypes: readonly string[] = none
  allowedUrlParams: UrlParams = nothing
  /** Sub-paths of `/objects/:id` by verb; said, it replaces the built-in list. */
  allowedObjectsUrlPath: Readonly<Record<string, readonly string[]>> | undefined
  /** Rules by endpoint, where they differ from what `api.protected` says; sub-paths as `objects/foo_bar`. */
  authorize: Readonly<Record<string, Rule>> = nothing

  /** The call that this instance answers; there is none yet in a constructor. */
  declare call: Call
  readonly validator: Validator = new Validator()
  #data: unknown = none
  #paging: Partial<Paging> | undefined
  #empty: EmptyAnswer | undefined

  /** What the answer carries; `merge` adds to a list or an object that was set before. */
  setData(data: unknown, merge = false): void {
    this.#data = merge ? joined(this.#data, data) : data
  }

  setPaging(paging: Partial<Paging>): void {
    this.#paging = paging
  }

  emptyResponse(status = 204): void {
    this.#empty = new EmptyAnswer(status)
  }

  [answerMark](returned: unknown): unknown {
    if (this.#empty) return this.#empty
    if (isWhole(returned)) return returned
    return new EnvelopeData(returned === undefined ? this.#data : returned, this.#paging)
  }
}

/** What a handler said by setting and returning, as the pipeline takes it. Returning a value equals `setData`. */
export function answerOf(controller: ApiController, returned: unknown): unknown {
  return controller[answerMark](returned)
}

/**
 * The allow-list of query names as a controller reaches it. Until the instance is bound to its site's table, what is
 * registered (in a constructor, say) is kept, so that the first instance of a site can hand it over and later ones let it go.
 */
export class Validator {
  #table: UrlParamTable | undefined
  #kept: readonly Registration[] = noRegistrations
  #isBound = false

  registerAllowedUrlParams(params: UrlParams, merge = true): void {
    if (!this.#isBound) this.#kept = [...this.#kept, { params, merge }]
    this.#now.register(params, merge)
  }

  setAllowedUrlParams(endpoint: string, names: string | readonly string[], merge = true): void {
    const params = { [endpoint]: names }
    if (!this.#isBound) this.#kept = [...this.#kept, { params, merge: true, instead: merge ? undefined : endpoint }]
    this.#now.set(endpoint, names, merge)
  }

  getAllowedUrlParams(endpoint: string): readonly string[] {
    return this.#now.get(endpoint)
  }

  /** From now on it speaks of the site's table. Yields what was registered before. */
  bind(table: UrlParamTable): readonly Registration[] {
    const kept = this.#kept
    this.#kept = noRegistrations
    this.#isBound = true
    this.#table = table
    return kept
  }

  get #now(): UrlParamTable {
    return (this.#table ??= new UrlParamTable())
  }
}

export interface Registration {
  readonly params: UrlParams
  readonly merge: boolean
  /** The one endpoint whose names are replaced. */
  readonly instead?: string | undefined
}

const noRegistrations: readonly Registration[] = Object.freeze([])

export type ControllerClass = new () => ApiController

export function isControllerClass(value: unknown): value is ControllerClass {
  return typeof value === 'function' && controllerMark in value && value !== ApiController
}

/** What every controller has; no endpoint can be called so. */
export function isReserved(member: string): boolean {
  return member in ApiController.prototype
}

/** An answer that needs no envelope put together here. */
function isWhole(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof EnvelopeData || value instanceof EmptyAnswer || isResponse(value)
}

function joined(before: unknown, added: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(added))
    return [...(before as readonly unknown[]), ...(added as readonly unknown[])]
  if (isRecord(before) && isRecord(added)) return { ...before, ...added }
  return Array.isArray(before) && before.length === 0 ? added : [before, added]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
