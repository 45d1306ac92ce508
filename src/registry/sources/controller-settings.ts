import { Validator, type ApiController, type ControllerClass } from '../../endpoint/api-controller.ts'
import type { Call } from '../../endpoint/call.ts'
import type { Verb } from '../../endpoint/method.ts'
import type { Rule } from '../../endpoint/rule.ts'
import { UrlParamTable, type UrlParams } from '../../endpoint/url-params.ts'
import type { Exposure, SiteSettings } from '../site-folder.ts'

/** What the class and the config file say together. */
export interface Declared {
  readonly endPoints: readonly string[]
  readonly blacklist: readonly string[]
  readonly whitelistTypes: readonly string[]
  readonly objectPaths: Readonly<Record<string, readonly string[]>>
  readonly authorize: Readonly<Record<string, Rule>>
  readonly table: UrlParamTable
}

/** Sub-paths of `/objects/:id` that the server answers itself. */
export const builtInObjectPaths = [
  'relations',
  'children',
  'contents',
  'sections',
  'descendants',
  'siblings',
  'parents',
  'ancestors',
] as const

const linked = ['relations', 'children']
const defaultObjectPaths = { get: builtInObjectPaths, post: linked, put: linked, delete: linked }

/** Joins class and config; the built-in sub-paths stand where neither says any. */
export function declaredBy(controller: ApiController | undefined, api: SiteSettings['api']): Declared {
  return {
    endPoints: union(controller?.endPoints, api.endPoints),
    blacklist: union(controller?.blacklistEndPoints, api.blacklistEndPoints),
    whitelistTypes: union(controller?.whitelistObjectTypes, api.whitelistObjectTypes),
    objectPaths: objectPathsOf(controller?.allowedObjectsUrlPath, api.allowedObjectsUrlPath),
    authorize: controller?.authorize ?? {},
    table: tableOf(controller, api.validation.allowedUrlParams),
  }
}

/** A fresh instance for one request: it shares nothing with another but the site's table of query names. */
export function instantiate(Controller: ControllerClass, table: UrlParamTable, call: Call): ApiController {
  const controller = new Controller()
  controller.validator.bind(table)
  controller.call = call
  return controller
}

/** What the site says of built-in endpoints, for whoever holds them. */
export function exposureOf(declared: Declared): Exposure {
  const { blacklist, whitelistTypes, objectPaths, table } = declared
  const snapshot = (): Exposure['allowedUrlParams'] =>
    Object.fromEntries(table.keys.map((key) => [key, table.get(key)]))
  return {
    blacklist,
    whitelistTypes,
    allowedObjectsUrlPath: objectPaths,
    allowedUrlParams: snapshot(),
    replacesUrlParams: table.isReplaced,
    allowedQuery: (endpoint: string, verb: Verb) => (table.has(endpoint) ? table.allowed(endpoint, verb) : undefined),
    onChange: (listener) =>
      table.onChange(() => listener({ allowedUrlParams: snapshot(), replacesUrlParams: table.isReplaced })),
  }
}

function union(one: readonly string[] = [], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])]
}

type ObjectPaths = Readonly<Record<string, readonly string[]>>

function objectPathsOf(one: ObjectPaths | undefined, other: ObjectPaths | undefined): ObjectPaths {
  if (!one && !other) return defaultObjectPaths
  const joined: Record<string, readonly string[]> = {}
  for (const [verb, names] of [...Object.entries(one ?? {}), ...Object.entries(other ?? {})]) {
    joined[verb.toLowerCase()] = union(joined[verb.toLowerCase()], names)
  }
  return joined
}

/** Built-in names, then the class, then the config, then what the constructor registered. */
function tableOf(controller: ApiController | undefined, configured: UrlParams): UrlParamTable {
  const table = new UrlParamTable()
  table.register(controller?.allowedUrlParams ?? {})
  table.register(configured)
  const registered = (controller?.validator ?? new Validator()).bind(table)
  for (const { params, merge, instead } of registered) {
    if (instead === undefined) table.register(params, merge)
    else for (const names of Object.values(params)) table.set(instead, names, false)
  }
  return table
}
