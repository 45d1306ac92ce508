import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import type { ErrorCode } from '../errors/table.ts'
import { errorTable } from '../errors/table.ts'
import type { SiteProblem, TypeFacts } from '../registry/site-folder.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { answerSchema } from './envelope-schema.ts'
import { impliedErrors } from './implied-errors.ts'
import { inputsOf, type Inputs } from './inputs.ts'
import { operationIdOf, tagOf } from './openapi-operation.ts'
import type { People } from './ports.ts'

/** All that the explorer's page shows, in one answer. */
export interface ExplorerData {
  readonly title: string
  readonly url: string
  readonly tokenHeader: string
  readonly mode: 'development' | 'production'
  readonly can: { readonly actAs: boolean; readonly why: boolean; readonly save: boolean; readonly open: boolean }
  readonly endpoints: readonly ExplorerEndpoint[]
  /** The status of each error code. */
  readonly statuses: Readonly<Record<string, number>>
  readonly problems: readonly SiteProblem[]
  readonly types: readonly TypeFacts[]
  readonly people: People
}

export interface ExplorerEndpoint {
  readonly id: string
  readonly methods: readonly Verb[]
  readonly path: string
  readonly source: string
  readonly group?: string
  readonly tags: readonly string[]
  /** Of a site's own, and only in development. */
  readonly file?: string
  readonly line?: number
  readonly description?: string
  readonly deprecated: boolean
  readonly rule?: Rule
  /** The rule in words. */
  readonly who: string
  readonly activation?: string
  readonly missing?: string
  readonly timeout: number
  readonly bodyLimit: number
  readonly rateLimit?: number
  readonly operations: Readonly<Partial<Record<Verb, ExplorerOperation>>>
}

export interface ExplorerOperation {
  readonly id: string
  readonly inputs: Inputs
  readonly answer?: JsonSchema
  /** What the road may refuse; `statuses` says with which status. */
  readonly errors: readonly ErrorCode[]
}

export function errorStatuses(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(errorTable).map(([code, { status }]) => [code, status]))
}

/** An endpoint as the page shows it; where a site's own file lies is told in development only. */
export function explorerEndpoint(endpoint: Endpoint, showFiles: boolean): ExplorerEndpoint {
  const { id, methods, path, source, group, description, rule, activation, missing, rateLimit } = endpoint
  const { file, line } = endpoint.origin
  return {
    id,
    methods,
    path,
    source,
    ...present({ group, description, rule, missing, rateLimit }),
    ...(showFiles && source !== 'builtin' ? present({ file, line, activation }) : {}),
    tags: tagOf(endpoint),
    deprecated: endpoint.deprecated ?? false,
    who: ruleText(rule),
    timeout: endpoint.timeout,
    bodyLimit: endpoint.bodyLimit,
    operations: Object.fromEntries(methods.map((verb) => [verb, explorerOperation(endpoint, verb)])),
  }
}

function explorerOperation(endpoint: Endpoint, verb: Verb): ExplorerOperation {
  const answer = answerSchema(endpoint, verb)
  return {
    id: operationIdOf(endpoint, verb),
    inputs: inputsOf(endpoint, verb),
    ...present({ answer }),
    errors: impliedErrors(endpoint, verb),
  }
}

/** The members that have a value. */
function present<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }
}
