import type { AfterHook, BeforeHook, Definition, Endpoint } from '../endpoint/record.ts'
import type { Call } from '../endpoint/call.ts'
import { LiveCall } from '../pipeline/live-call.ts'
import { matchesPattern } from '../registry/attach-hooks.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { mildProblem } from '../registry/site-problem.ts'
import { nearest } from '../schema/nearest.ts'
import type { HookedCall, HookRecord, Site } from '../thread/site.ts'
import type { QueryNames } from './query-names.ts'

export interface Shown {
  /** `/api`. */
  readonly base: string
  /** `api.protected`: what is open to everyone needs a caller. */
  readonly isProtected: boolean
  readonly site: Site
  readonly names: QueryNames
}

/** Built-in endpoints as this site shows them: without the blacklisted, with its query names, under its hooks. */
export function shownBuiltins(definitions: readonly Definition[], shown: Shown): readonly Definition[] {
  return definitions
    .filter(({ record }) => !isBlacklisted(record, shown))
    .map((definition) => withoutForbiddenPath(definition, shown))
    .map((definition) => withQueryNames(definition, shown))
    .map((definition) => (shown.isProtected ? withCaller(definition) : definition))
    .map((definition) => withHooks(definition, shown.site))
}

/** The first part of the path below the base: the name that the ancestor's settings speak of. */
function nameOf(record: Endpoint, base: string): string {
  return record.path.startsWith(`${base}/`) ? (record.path.slice(base.length + 1).split('/', 1)[0] ?? '') : ''
}

function isBlacklisted(record: Endpoint, { base, site }: Shown): boolean {
  return site.exposure?.blacklist.includes(nameOf(record, base)) ?? false
}

/** Names on the blacklist that nothing has, but something nearly: what they were meant for is still offered. */
export function missedByBlacklist(
  definitions: readonly Definition[],
  { base, site }: Pick<Shown, 'base' | 'site'>,
): readonly SiteProblem[] {
  const offered = [...new Set(definitions.map(({ record }) => nameOf(record, base)))]
  return (site.exposure?.blacklist ?? []).flatMap((name) => {
    const near = offered.includes(name) ? undefined : nearest(name, offered)
    if (near === undefined) return []
    const at = site.records.find(({ path }) => path === `${base}/${name}`)?.origin ?? { file: '.' }
    const message = `blacklistEndPoints names "${name}", which nothing is called; did you mean "${near}"?`
    return [mildProblem(at, { message })]
  })
}

/** A sub-path of `/objects/:id` that the site does not allow for the verb keeps its path and answers 405. */
function withoutForbiddenPath(definition: Definition, { base, site }: Shown): Definition {
  const { record } = definition
  const sub = subPathOf(record, base)
  if (sub === undefined || !site.exposure) return definition
  const allowed = site.exposure.allowedObjectsUrlPath
  const methods = record.methods.filter((verb) => allowed[verb.toLowerCase()]?.includes(sub) ?? false)
  return methods.length === record.methods.length ? definition : { ...definition, record: { ...record, methods } }
}

function subPathOf(record: Endpoint, base: string): string | undefined {
  const prefix = `${base}/objects/:id/`
  return record.path.startsWith(prefix) ? record.path.slice(prefix.length).split('/', 1)[0] : undefined
}

function withQueryNames(definition: Definition, { base, names }: Shown): Definition {
  const { record } = definition
  const usual = record.allowedQuery
  if (!usual) return definition
  const allowed = names.namesOf(nameOf(record, base), (verb) => usual[verb] ?? [])
  const allowedQuery = Object.fromEntries(record.methods.map((verb) => [verb, allowed(verb)]))
  return { ...definition, record: { ...record, allowedQuery }, allowedQuery: allowed }
}

/** Who cannot sign in without being signed in could never come in; the explorer has a rule of its own. */
const doors: readonly (string | undefined)[] = ['accounts', 'explorer']

function withCaller(definition: Definition): Definition {
  const { record } = definition
  if (record.rule !== 'everyone' || doors.includes(record.group)) return definition
  return { ...definition, record: { ...record, rule: 'token' } }
}

function withHooks(definition: Definition, site: Site): Definition {
  const around = site.hooks
    .filter((hook) => matchesPattern(hook.on, definition.record.id))
    .sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1))
  if (around.length === 0) return definition
  const before = around
    .filter((hook) => hook.stages.includes('before'))
    .map((hook) => beforeIn(site, hook, definition.record))
  const after = around
    .filter((hook) => hook.stages.includes('after'))
    .map((hook) => afterIn(site, hook, definition.record))
  return { ...definition, before: [...definition.before, ...before], after: [...definition.after, ...after] }
}

/** The hook's code is the site's: the house sends the validated call over and waits for its word. */
function beforeIn(site: Site, hook: HookRecord, record: Endpoint): BeforeHook {
  return { id: hook.id, order: hook.order, run: (call) => site.before(hook.id, hooked(call, record)) }
}

function afterIn(site: Site, hook: HookRecord, record: Endpoint): AfterHook {
  return { id: hook.id, order: hook.order, run: (call, result) => site.after(hook.id, hooked(call, record), result) }
}

function hooked(call: Call, record: Endpoint): HookedCall {
  if (!(call instanceof LiveCall)) throw new Error('Broken invariant: the road makes every call')
  const { raw, params, query, body } = call
  return { raw, endpoint: record.id, params, query, body }
}
