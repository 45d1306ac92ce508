import type { Place } from '../errors/postern-error.ts'
import { isSchema, jsonSchemaOf, type JsonSchema } from '../schema/standard.ts'
import type { DefinedEndpoint } from './define-endpoint.ts'
import type { Verb } from './method.ts'
import {
  defaultBodyLimit,
  defaultTimeout,
  type AfterHook,
  type BeforeHook,
  type Definition,
  type Endpoint,
  type Handler,
  type SchemaPart,
  type SourceName,
} from './record.ts'
import type { Rule } from './rule.ts'

/** Where an endpoint stands: what its author need not say, because its source knows. */
export interface Standing {
  readonly methods: readonly Verb[]
  readonly path: string
  readonly source: SourceName
  readonly origin: Place
  readonly place: 'house' | 'site'
  readonly group?: string | undefined
  /** Used where the author names no id. */
  readonly id?: string | undefined
  /** Used where the author names no rule; absent too: not activated. */
  readonly rule?: Rule | undefined
  readonly activation?: string | undefined
  readonly timeout?: number | undefined
  readonly bodyLimit?: number | undefined
  readonly before?: readonly BeforeHook[] | undefined
  readonly after?: readonly AfterHook[] | undefined
}

const parts = ['params', 'query', 'body', 'response'] as const satisfies readonly SchemaPart[]

/** The frozen record of an endpoint with its code. What the author said wins over what the source supposes. */
export function toDefinition(defined: DefinedEndpoint, standing: Standing): Definition {
  const schemas = Object.fromEntries(parts.flatMap((part) => (isSchema(defined[part]) ? [[part, defined[part]]] : [])))
  return Object.freeze({
    record: recordOf(defined, standing),
    schemas,
    handler: defined.handler as Handler,
    before: standing.before ?? [],
    after: standing.after ?? [],
  })
}

function recordOf(defined: DefinedEndpoint, standing: Standing): Endpoint {
  const jsonSchemas: Partial<Record<SchemaPart, JsonSchema>> = {}
  for (const part of parts) {
    const schema = defined[part]
    const described = schema && jsonSchemaOf(schema)
    if (described) jsonSchemas[part] = described
  }
  const names = namesOf(jsonSchemas.query)
  return freezeRecord({
    id: defined.id ?? standing.id ?? `${standing.source}:${standing.methods.join(',')} ${standing.path}`,
    methods: standing.methods,
    path: standing.path,
    source: standing.source,
    group: standing.group,
    origin: standing.origin,
    rule: defined.authorize ?? standing.rule,
    activation: standing.activation,
    place: standing.place,
    description: defined.description,
    deprecated: defined.deprecated,
    tags: defined.tags,
    allowedQuery: names && Object.fromEntries(standing.methods.map((verb) => [verb, names])),
    schemas: jsonSchemas,
    timeout: defined.timeout ?? standing.timeout ?? defaultTimeout,
    bodyLimit: defined.bodyLimit ?? standing.bodyLimit ?? defaultBodyLimit,
    accepts: defined.accepts,
    rateLimit: defined.rateLimit,
    envelope: defined.envelope,
    indexed: defined.indexed,
    override: defined.override,
  })
}

type Loose<T> = { readonly [Name in keyof T]: T[Name] | undefined }

/** A record without its absent parts, frozen. */
export function freezeRecord(record: Loose<Endpoint>): Endpoint {
  const present = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
  return Object.freeze(present) as unknown as Endpoint
}

/** The names a query schema accepts; `undefined` where it takes any or cannot say. */
function namesOf(schema: JsonSchema | undefined): readonly string[] | undefined {
  if (!schema || typeof schema.properties !== 'object' || schema.properties === null) return undefined
  return schema.additionalProperties ? undefined : Object.keys(schema.properties).toSorted()
}
