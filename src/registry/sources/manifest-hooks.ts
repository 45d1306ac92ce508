import { isResponse } from '../../endpoint/is-response.ts'
import type { Call } from '../../endpoint/call.ts'
import type { Handler } from '../../endpoint/record.ts'
import { withInput } from '../../endpoint/with-input.ts'
import { isRecord } from '../is-record.ts'
import type { Module } from './manifest-module.ts'

/** What a before-hook gets, and returns (or leaves as it is); its `params` are what is then carried out. */
export interface HookInput {
  /** Always null: credentials do not reach a site's code; `call.caller` says who is asking. */
  readonly token: null
  params: unknown
  readonly module_name: string
  /** The name of the entry. */
  readonly endpoint: string
}

/** What an after-hook gets and returns: the answer's body as a value, and its status. */
export interface HookOutput {
  readonly token: null
  body: unknown
  code: number
}

/** An entry as its hooks see it. */
export interface Hooked {
  readonly module: Module
  readonly entry: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** Where the entry's params are: what a hook makes of them goes back there. */
  readonly params: 'query' | 'body' | 'id' | 'none'
}

type Hook = (data: unknown, call: Call) => unknown

/** The handler between its entry's hooks. A hook refuses by throwing, or answers in its stead by returning a Response. */
export function withManifestHooks(handler: Handler, hooked: Hooked): Handler {
  const before = hookOf(hooked.module, hooked.before)
  const after = hookOf(hooked.module, hooked.after)
  if (!before && !after) return handler
  return async (call) => {
    const input = inputOf(call, hooked)
    const returned = before && (await before(input, call))
    if (isResponse(returned)) return returned
    const params = isRecord(returned) && 'params' in returned ? returned.params : input.params
    const result = await handler(before ? applied(call, params, hooked) : call)
    return after
      ? answered(await after({ token: null, body: result, code: call.reply.code ?? 200 }, call), result, call)
      : result
  }
}

function hookOf(module: Module, name: string | undefined): Hook | undefined {
  const found = name === undefined ? undefined : module.exported[name]
  return typeof found === 'function' ? (found as Hook) : undefined
}

function inputOf(call: Call, { module, entry, params }: Hooked): HookInput {
  return { token: null, params: paramsOf(call, params), module_name: module.name, endpoint: entry }
}

function paramsOf(call: Call, where: Hooked['params']): unknown {
  switch (where) {
    case 'query':
      return { ...call.query }
    case 'body':
      return call.body ?? {}
    case 'id':
      return { id: call.params.id }
    case 'none':
      return {}
  }
}

function applied(call: Call, params: unknown, { params: where }: Hooked): Call {
  if (where === 'body') return withInput(call, { body: params })
  if (!isRecord(params)) return call
  if (where === 'query') return withInput(call, { query: params })
  return where === 'id' ? withInput(call, { params: { ...call.params, id: String(params.id) } }) : call
}

/** Only `body` and `code` of what an after-hook returns count. */
function answered(output: unknown, result: unknown, call: Call): unknown {
  if (isResponse(output)) return output
  if (!isRecord(output)) return result
  if (typeof output.code === 'number') call.reply.status(output.code)
  return 'body' in output ? output.body : result
}
