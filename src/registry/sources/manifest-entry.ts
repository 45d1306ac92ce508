import { isVerb, type Verb } from '../../endpoint/method.ts'
import { nearest } from '../../schema/nearest.ts'
import { isRecord } from '../is-record.ts'
import { operations } from './manifest-operations.ts'

/** One entry of an api.json, read; what it names may still be missing. */
export interface Entry {
  readonly name: string
  /** A built-in operation by its magic name, a method of the module, or something that no request can reach. */
  readonly kind: 'operation' | 'method' | 'unreachable'
  readonly verb: Verb
  readonly segments: readonly UrlSegment[]
  readonly description: string | undefined
  /** As written; see `manifest-rules.ts`. */
  readonly authorization: unknown
  readonly beforeHook: string | undefined
  readonly afterHook: string | undefined
  readonly enableParams: boolean
}

export interface UrlSegment {
  readonly kind: 'literal' | 'placeholder'
  /** The literal text, or the name of the parameter. */
  readonly text: string
}

/** Something wrong with an entry. Fatal ones are told one by one, the others are gathered by what they are. */
export type Fault =
  | { readonly fatal: true; readonly path: readonly string[]; readonly message: string; readonly hint?: string }
  | { readonly fatal: false; readonly what: MildFault; readonly name: string }

export type MildFault = keyof typeof mildFaults

/** What real manifests often have. */
export const mildFaults = {
  noRule: 'without authorization, so 412 when called',
  noMethod: 'without a method in the module, so 501 when called',
  noHook: 'whose hook the module does not export, so 501 when called',
  noType: 'for a built-in operation, but no object type is called like the module, so 501 when called',
  noField: 'with a placeholder that required_fields does not name',
  outside: 'whose url_segments does not begin with the module, so no request reaches them',
  underscore: 'whose method begins with "_", so no request reaches them',
  oddUrl: 'for a built-in operation, whose own url_segments is not used: these have fixed paths',
  oddVerb: 'for a built-in operation, whose own request_type is not used: these have fixed verbs',
  twice: 'that stands back for another built-in operation on the same path',
  oddProperty: 'with a property that means nothing',
} as const

const known = [
  'url_segments',
  'request_type',
  'description',
  'enableParams',
  'required_fields',
  'authorization',
  'beforeHook',
  'afterHook',
]

export function readEntry(
  name: string,
  value: unknown,
  module: string,
): { readonly entry?: Entry; readonly faults: readonly Fault[] } {
  if (!isRecord(value)) return { faults: [wrong([], `"${name}" must be an object.`)] }
  const operation = operations.get(name)
  const segments = readSegments(value.url_segments)
  const verb = typeof value.request_type === 'string' ? value.request_type.toUpperCase() : ''
  const faults = [
    ...faultsOfShape(name, value),
    ...(operation ? faultsOfOperation(name, value, operation.methods) : faultsOfMethod(name, value, module)),
  ]
  if (faults.some((fault) => fault.fatal)) return { faults }
  const kind = operation ? 'operation' : isReachable(segments, module) ? 'method' : 'unreachable'
  const entry: Entry = {
    name,
    kind,
    verb: isVerb(verb) ? verb : 'GET',
    segments,
    description: textOf(value.description),
    authorization: value.authorization,
    beforeHook: textOf(value.beforeHook),
    afterHook: textOf(value.afterHook),
    enableParams: value.enableParams === true,
  }
  return { entry, faults: [...faults, ...faultsOfPlaceholders(entry, value.required_fields)] }
}

export function wrong(path: readonly string[], message: string, hint?: string): Fault {
  return { fatal: true, path, message, ...(hint === undefined ? {} : { hint }) }
}

/** Segment 1 is the module, 2 the method; anything with a brace in it is a placeholder. */
function readSegments(url: unknown): readonly UrlSegment[] {
  if (typeof url !== 'string') return []
  const parts = url.replace(/^\/+|\/+$/g, '').split('/')
  const names = new Set<string>()
  return parts.map((part, index) => {
    if (!part.includes('{')) return { kind: 'literal', text: part }
    const written = /^\{\$?([A-Za-z_]\w*)\}$/.exec(part)?.[1]
    const text =
      written === undefined || names.has(written) || written === '__proto__' ? `segment${index + 1}` : written
    names.add(text)
    return { kind: 'placeholder', text }
  })
}

function isReachable(segments: readonly UrlSegment[], module: string): boolean {
  return segments[0]?.text === module && segments[1]?.text.startsWith('_') !== true
}

function faultsOfShape(name: string, value: Readonly<Record<string, unknown>>): Fault[] {
  const faults: Fault[] = []
  for (const property of ['description', 'beforeHook', 'afterHook']) {
    const text = value[property]
    if (text !== undefined && text !== null && typeof text !== 'string')
      faults.push(wrong([property], `${property} of "${name}" must be text.`))
  }
  const odd = Object.keys(value).find((property) => !known.includes(property))
  if (odd !== undefined) {
    const near = nearest(odd, known)
    faults.push({
      fatal: false,
      what: 'oddProperty',
      name: `${name} (${odd}${near === undefined ? '' : `, did you mean ${near}?`})`,
    })
  }
  return faults
}

/** Its path and verb are fixed; what the entry says of them counts for nothing. */
function faultsOfOperation(name: string, value: Readonly<Record<string, unknown>>, usual: readonly Verb[]): Fault[] {
  const verb = typeof value.request_type === 'string' ? value.request_type.toUpperCase() : undefined
  const url = readSegments(value.url_segments)
  return [
    ...(verb === undefined || usual.some((one) => one === verb)
      ? []
      : [{ fatal: false, what: 'oddVerb', name } as const]),
    ...(url.length === 0 || url[0]?.text === 'api' ? [] : [{ fatal: false, what: 'oddUrl', name } as const]),
  ]
}

function faultsOfMethod(name: string, value: Readonly<Record<string, unknown>>, module: string): Fault[] {
  if (typeof value.url_segments !== 'string')
    return [wrong(['url_segments'], `"${name}" needs url_segments, such as "${module}/hello".`)]
  const segments = readSegments(value.url_segments)
  if (segments[0]?.text !== module) return [{ fatal: false, what: 'outside', name }]
  const [, method] = segments
  if (method === undefined || method.text === '')
    return [wrong(['url_segments'], `url_segments of "${name}" names no method: write "${module}/<method>".`)]
  if (method.kind === 'placeholder')
    return [wrong(['url_segments'], `Segment 2 of "${name}" is the method; it cannot be a placeholder.`)]
  if (method.text.startsWith('_')) return [{ fatal: false, what: 'underscore', name }]
  const bad = segments.find((segment) => segment.kind === 'literal' && !/^(?!\.{1,2}$)[\w.~-]+$/.test(segment.text))
  if (bad !== undefined)
    return [
      wrong(['url_segments'], `${JSON.stringify(bad.text)} in url_segments of "${name}" cannot be a part of a path.`),
    ]
  const verb = value.request_type
  if (typeof verb === 'string' && isVerb(verb.toUpperCase())) return []
  return [wrong(['request_type'], `"${name}" needs a request_type: GET, POST, PUT, PATCH or DELETE.`)]
}

function faultsOfPlaceholders(entry: Entry, fields: unknown): readonly Fault[] {
  const named = Array.isArray(fields) ? fields.flatMap((field) => (isRecord(field) ? [field.name] : [])) : []
  const missing = entry.segments.some((segment) => segment.kind === 'placeholder' && !named.includes(segment.text))
  return missing ? [{ fatal: false, what: 'noField', name: entry.name }] : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
