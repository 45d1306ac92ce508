import { markUndeclared } from '../../endpoint/api-auth.ts'
import type { Call } from '../../endpoint/call.ts'
import { defineEndpoint } from '../../endpoint/define-endpoint.ts'
import { verbs, type Verb } from '../../endpoint/method.ts'
import type { Definition, Handler } from '../../endpoint/record.ts'
import type { Rule } from '../../endpoint/rule.ts'
import { freezeRecord, toDefinition } from '../../endpoint/to-definition.ts'
import { withInput } from '../../endpoint/with-input.ts'
import { PosternError, type Place } from '../../errors/postern-error.ts'
import { pruneRule } from '../prune-rule.ts'
import type { SiteFolder } from '../site-folder.ts'
import type { Entry } from './manifest-entry.ts'
import { withManifestHooks } from './manifest-hooks.ts'
import type { Module } from './manifest-module.ts'
import type { Operation } from './manifest-operations.ts'
import { conditionsOf } from './manifest-query.ts'

/** An entry, or a method without one, with all that its endpoints need to be made. */
export interface Planned {
  readonly site: SiteFolder
  readonly module: Module
  readonly origin: Place
  readonly description?: string | undefined
  readonly rule: Rule | undefined
  readonly activation: string
  /** Why it can only answer 501. */
  readonly missing?: string | undefined
}

type Method = (call: Call, ...segments: string[]) => unknown

/** A built-in operation at its fixed paths, those left out that another entry has taken. */
export function operationDefinitions(
  planned: Planned,
  entry: Entry,
  operation: Operation & { readonly taken: ReadonlySet<string> },
): readonly Definition[] {
  const { site, module } = planned
  const type = module.type
  const operate = type === undefined ? absent : site.operation(operation.operation, type.name)
  const guarded = guard(operate, entry, operation)
  const hooks = { before: entry.beforeHook, after: entry.afterHook, params: operation.params }
  const handler = withManifestHooks(guarded, { module, entry: entry.name, ...hooks })
  const free = operation.paths.filter(
    (path) => !operation.methods.every((verb) => operation.taken.has(`${verb} ${path}`)),
  )
  return free.map((path, index) =>
    definitionOf(planned, {
      methods: operation.methods.filter((verb) => !operation.taken.has(`${verb} ${path}`)),
      path: `${site.settings.api.base}/${path.replace('M', module.name)}`,
      params: path.endsWith(':id') ? ['id'] : [],
      hidden: index > 0,
      handler: async (call) => sendable(await handler(readable(call, operation))),
    }),
  )
}

/** The pattern of a method's entry; with each further argument that has a name; and with whatever else comes. */
export interface MethodPaths {
  readonly methods: readonly Verb[]
  readonly method: string
  /** Below the root: `members/upd/:id/go`. */
  readonly pattern: string
  /** Every segment from the third on, in order: the name of its parameter, or the text it must have. */
  readonly fixed: readonly { readonly kind: 'literal' | 'placeholder'; readonly text: string }[]
  /** Names of arguments beyond the pattern. */
  readonly further: readonly string[]
  /** Verbs with the patterns that entries have for them; they go before what is only further. */
  readonly claimed: ReadonlySet<string>
  readonly hooks?: { readonly entry: string; readonly before: string | undefined; readonly after: string | undefined }
}

export function methodDefinitions(planned: Planned, paths: MethodPaths): readonly Definition[] {
  const { pattern, fixed, further } = paths
  const named = fixed.flatMap((segment) => (segment.kind === 'placeholder' ? [segment.text] : []))
  const longer = further.map((_, index) => further.slice(0, index + 1))
  const rest = ['rest', 'further', 'others'].find((name) => !named.includes(name) && !further.includes(name)) ?? 'rest_'
  const variants = [[], ...longer, [...further, `*${rest}`]].map((added) => {
    const path = [pattern, ...added.map((name) => (name.startsWith('*') ? name : `:${name}`))].join('/')
    const params = [...named, ...added.map((name) => name.replace('*', ''))]
    return {
      path,
      params,
      args: [...fixed, ...added.map((name) => ({ kind: 'placeholder' as const, text: name.replace('*', '') }))],
    }
  })
  return variants
    .filter(
      ({ path }, index) => index === 0 || !paths.methods.some((verb) => paths.claimed.has(`${verb} ${shapeOf(path)}`)),
    )
    .map(({ path, params, args }) =>
      definitionOf(planned, {
        methods: paths.methods,
        path: `/${path}`,
        params,
        hidden: path.endsWith(`*${rest}`),
        handler: methodHandler(planned, paths, args),
      }),
    )
}

/** `members/account/:code` → `members/account/:`. */
export function shapeOf(pattern: string): string {
  return pattern.replaceAll(/:\w+/g, ':').replace(/\*\w+$/, '*')
}

interface Variant {
  readonly methods: readonly Verb[]
  readonly path: string
  readonly params: readonly string[]
  readonly hidden: boolean
  readonly handler: Handler
}

function definitionOf(planned: Planned, { methods, path, params, hidden, handler }: Variant): Definition {
  const { site, module, rule, description } = planned
  const defined = defineEndpoint({
    ...(description === undefined ? {} : { description }),
    handler,
  })
  const definition = toDefinition(defined, {
    methods,
    path,
    source: 'manifest',
    group: module.name,
    origin: planned.origin,
    place: 'site',
    id: `manifest:${methods.length === verbs.length ? '' : `${methods.join(',')} `}${path}`,
    rule: rule && pruneRule(rule, params),
    activation: rule === undefined ? planned.activation : undefined,
    timeout: site.settings.timeout,
    bodyLimit: site.settings.bodyLimit,
  })
  const { missing } = planned
  const record = freezeRecord({ ...definition.record, hidden: hidden ? true : undefined, missing })
  return Object.freeze({ ...definition, record })
}

function methodHandler({ module }: Planned, paths: MethodPaths, args: MethodPaths['fixed']): Handler {
  const method = module.exported[paths.method]
  if (typeof method !== 'function') return absent
  const run = method as Method
  const plain: Handler = args.length === 0 ? (call) => run(call) : (call) => run(call, ...argumentsOf(call, args))
  if (!paths.hooks) return undeclared(plain)
  const params = paths.methods.includes('GET') ? 'query' : 'body'
  return withManifestHooks(plain, { module, params, ...paths.hooks })
}

/** No rule was declared, let alone judged; `apiAuth` must know. */
function undeclared(handler: Handler): Handler {
  return (call) => {
    markUndeclared(call)
    return handler(call)
  }
}

/** The further segments as the request has them; the last one may hold several. */
function argumentsOf(call: Call, args: MethodPaths['fixed']): readonly string[] {
  return args.flatMap(({ kind, text }) => {
    if (kind === 'literal') return [text]
    const value = call.params[text]
    return typeof value === 'string' ? value.split('/') : []
  })
}

function absent(): never {
  throw new PosternError('NOT_IMPLEMENTED', 'The manifest names what the module does not have.')
}

/** What would do something that nobody asked for in so many words is refused. */
function guard(operate: Handler, { enableParams }: Entry, { operation }: Operation): Handler {
  if (operation === 'destroy' && !enableParams) return refuseUnfiltered
  if (operation !== 'create') return operate
  return (call) => {
    const { body } = call
    if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) return operate(call)
    throw new PosternError('BAD_REQUEST', 'No posted data: send an object with the fields to set.')
  }
}

function refuseUnfiltered(): never {
  throw new PosternError('BAD_REQUEST', 'This entry takes no parameters, so it would delete everything.', {
    hint: 'Set "enableParams": true for the entry, and send which rows to delete.',
  })
}

function readable(call: Call, { params }: Operation): Call {
  return params === 'query' ? withInput(call, { query: conditionsOf(call.query) }) : call
}

/** `false` is an answer here (Exists), where it would mean 404 elsewhere. */
function sendable(result: unknown): unknown {
  return result === false ? Response.json(false) : result
}
