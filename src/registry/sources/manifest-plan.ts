import type { Definition } from '../../endpoint/record.ts'
import { verbs } from '../../endpoint/method.ts'
import type { Place } from '../../errors/postern-error.ts'
import { lineOfExport } from '../export-line.ts'
import { paramsOf } from '../prune-rule.ts'
import type { SiteFolder } from '../site-folder.ts'
import { methodDefinitions, operationDefinitions, shapeOf, type Planned } from './manifest-definitions.ts'
import type { Entry, Fault } from './manifest-entry.ts'
import type { Module } from './manifest-module.ts'
import type { Operation } from './manifest-operations.ts'
import { readAuthorization } from './manifest-rules.ts'
import { parametersOf } from './parameters.ts'

/** The endpoints of one entry or method, and what is wrong with it. */
export interface Plan {
  readonly definitions: readonly Definition[]
  readonly faults: readonly Fault[]
}

export interface ModuleOfSite {
  readonly site: SiteFolder
  readonly module: Module
}

/** A built-in operation; segment 4 of its path is the id. */
export function planOperation(
  at: ModuleOfSite,
  entry: Entry,
  operation: Operation & { readonly taken: ReadonlySet<string> },
): Plan {
  const { type, name: module } = at.module
  const hasId = operation.paths[0]?.endsWith(':id') ?? false
  const { rule, faults } = readAuthorization(entry.authorization, {
    name: entry.name,
    module,
    type,
    paramAt: (segment) => (hasId && segment === 4 ? 'id' : undefined),
  })
  const absent = type === undefined ? [`There is no object type called "${module}", which "${entry.name}" needs.`] : []
  const hooks = missingHooks(at.module, entry)
  const planned = plannedOf(at, entry, { rule, missing: [...absent, ...hooks] })
  const mild = [
    ...mildIf(rule === undefined, 'noRule', entry),
    ...mildIf(absent.length > 0, 'noType', entry),
    ...mildIf(hooks.length > 0, 'noHook', entry),
  ]
  return { definitions: operationDefinitions(planned, entry, operation), faults: [...faults, ...mild] }
}

/** A method of the module under its own path; further segments are arguments. */
export function planMethod(at: ModuleOfSite, entry: Entry, claimed: ReadonlySet<string>): Plan {
  const method = entry.segments[1]?.text ?? ''
  const further = furtherArguments(at.module, entry)
  const { rule, faults } = readAuthorization(entry.authorization, {
    name: entry.name,
    module: at.module.name,
    type: at.module.type,
    paramAt: (segment) => paramAt(entry, further, segment),
  })
  const absent = isMethod(at.module, method)
    ? []
    : [`The module does not export "${method}", which "${entry.name}" names.`]
  const hooks = missingHooks(at.module, entry)
  const planned = plannedOf(at, entry, { rule, missing: [...absent, ...hooks] })
  const definitions = methodDefinitions(planned, {
    methods: [entry.verb],
    method,
    pattern: patternOf(entry),
    fixed: entry.segments.slice(2),
    further: further.names.slice(0, Math.max(further.declared, highestOf(further.names, paramsOf(rule)))),
    claimed,
    hooks: { entry: entry.name, before: entry.beforeHook, after: entry.afterHook },
  })
  const mild = [
    ...mildIf(rule === undefined, 'noRule', entry),
    ...mildIf(absent.length > 0, 'noMethod', entry),
    ...mildIf(hooks.length > 0, 'noHook', entry),
  ]
  return { definitions, faults: [...faults, ...mild] }
}

/** A method that no entry declares: not activated, unless the site says that such methods answer. */
export function planUndeclared({ site, module }: ModuleOfSite, method: string): Plan {
  const origin = { file: module.codeFile, line: lineOfExport(module.codeText, method) }
  const planned: Planned = {
    site,
    module,
    origin,
    rule: site.settings.modules.undeclared === 'open' ? 'everyone' : undefined,
    activation: `Declare it in ${module.manifestFile}: ${declarationOf(module, method)}`,
  }
  const { names } = parametersOf(module.exported[method])
  const further = names.slice(1).filter(isParamName)
  return {
    definitions: methodDefinitions(planned, {
      methods: verbs,
      method,
      pattern: `${module.name}/${method}`,
      fixed: [],
      further,
      claimed: new Set(),
    }),
    faults: [],
  }
}

/** `members/upd/:id/go`. */
export function patternOf(entry: Entry): string {
  return entry.segments.map((segment) => (segment.kind === 'placeholder' ? `:${segment.text}` : segment.text)).join('/')
}

export function claimOf(entry: Entry): string {
  return `${entry.verb} ${shapeOf(patternOf(entry))}`
}

export function placeOfEntry(module: Module, ...path: readonly string[]): Place {
  return { file: module.manifestFile, ...module.manifest?.placeOf(...path) }
}

export function isMethod(module: Module, name: string): boolean {
  return (
    /^[a-z][\w]*$/i.test(name) && Object.hasOwn(module.exported, name) && typeof module.exported[name] === 'function'
  )
}

interface Further {
  readonly names: readonly string[]
  /** How many of the names the method itself declares. */
  readonly declared: number
}

/** Names for the arguments beyond the pattern; where the method cannot say how many it takes, there is no end to them. */
function furtherArguments(module: Module, entry: Entry): Further {
  const method = entry.segments[1]?.text ?? ''
  const inPattern = entry.segments.length - 2
  const found = module.exported[method]
  const { names, rest } = parametersOf(isMethod(module, method) ? found : undefined)
  const used = new Set(entry.segments.map((segment) => segment.text))
  const declared = names
    .slice(1 + inPattern)
    .map((name, index) => (isParamName(name) && !used.has(name) ? name : `segment${entry.segments.length + 1 + index}`))
  const endless = Array.from(
    { length: rest ? mostSegments : 0 },
    (_, index) => `segment${entry.segments.length + declared.length + 1 + index}`,
  )
  return { names: [...declared, ...endless], declared: declared.length }
}

function paramAt(entry: Entry, further: Further, segment: number): string | undefined {
  const own = entry.segments[segment - 1]
  if (own) return own.kind === 'placeholder' ? own.text : undefined
  return further.names[segment - 1 - entry.segments.length]
}

/** How many names are needed for all those that a rule speaks of. */
function highestOf(names: readonly string[], params: readonly string[]): number {
  return Math.max(0, ...params.map((param) => names.indexOf(param) + 1))
}

function plannedOf(
  { site, module }: ModuleOfSite,
  entry: Entry,
  said: Pick<Planned, 'rule'> & { missing: readonly string[] },
): Planned {
  const origin = placeOfEntry(module, entry.name)
  const example = '"authorization": { "roles": ["admin"] }'
  return {
    site,
    module,
    origin,
    description: entry.description,
    rule: said.rule,
    activation: `Add to "${entry.name}" in ${origin.file}, line ${origin.line}: ${example}`,
    missing: said.missing.length === 0 ? undefined : said.missing.join(' '),
  }
}

function declarationOf(module: Module, method: string): string {
  const name = method.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
  const entry = {
    url_segments: `${module.name}/${method}`,
    request_type: 'GET',
    description: name,
    authorization: { roles: ['admin'] },
  }
  return JSON.stringify({ [name]: entry })
}

function missingHooks(module: Module, entry: Entry): readonly string[] {
  return [entry.beforeHook, entry.afterHook].flatMap((name) => {
    if (name === undefined || (Object.hasOwn(module.exported, name) && typeof module.exported[name] === 'function'))
      return []
    return [`The module does not export "${name}", which "${entry.name}" names as a hook.`]
  })
}

function mildIf(is: boolean, what: Exclude<Fault, { fatal: true }>['what'], entry: Entry): readonly Fault[] {
  return is ? [{ fatal: false, what, name: entry.name }] : []
}

function isParamName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__'
}

const mostSegments = 20
