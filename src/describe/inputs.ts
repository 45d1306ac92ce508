import { isSafe, type Verb } from '../endpoint/method.ts'
import { parsePathPattern } from '../endpoint/path-pattern.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { JsonSchema } from '../schema/standard.ts'

/** All that one verb of an endpoint takes, as every description of it tells. */
export interface Inputs {
  readonly path: readonly Input[]
  readonly query: readonly Input[]
  /** Query names beside those in `query` are let through. */
  readonly anyQuery: boolean
  /** `undefined`: it takes none. `{}`: whatever is sent. */
  readonly body: JsonSchema | undefined
}

export interface Input {
  /** `filter[*]` stands for every `filter[…]`. */
  readonly name: string
  readonly required: boolean
  readonly schema: JsonSchema
  /** The rest of the path: several segments, with their slashes. */
  readonly rest?: boolean
}

/** Let through by every endpoint, and told of once, where security is. */
const credentialNames = ['access_token', 'token']

const text: JsonSchema = Object.freeze({ type: 'string' })

export function inputsOf(endpoint: Endpoint, verb: Verb): Inputs {
  return {
    path: pathInputs(endpoint),
    query: queryInputs(endpoint, verb),
    anyQuery: endpoint.allowedQuery?.[verb] === undefined && endpoint.schemas.query === undefined,
    body: isSafe(verb) ? undefined : (endpoint.schemas.body ?? unsaidBody(endpoint, verb)),
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A site's own code may read one with every verb; the house's takes none where it deletes. */
function unsaidBody(endpoint: Endpoint, verb: Verb): JsonSchema | undefined {
  return endpoint.place === 'house' && verb === 'DELETE' ? undefined : {}
}

function pathInputs(endpoint: Endpoint): readonly Input[] {
  const { properties } = parts(endpoint.schemas.params)
  return parsePathPattern(endpoint.path)
    .segments.filter((segment) => segment.kind !== 'literal')
    .map(({ kind, text: name }) => ({
      name,
      required: true,
      schema: properties[name] ?? text,
      ...(kind === 'rest' ? { rest: true } : {}),
    }))
}

/** What the code allows by name decides; the schema says more of those it knows. */
function queryInputs(endpoint: Endpoint, verb: Verb): readonly Input[] {
  const { properties, required } = parts(endpoint.schemas.query)
  const names = endpoint.allowedQuery?.[verb] ?? Object.keys(properties)
  const told = names.filter((name) => name in properties || !credentialNames.includes(name))
  return [...new Set(told)].map((name) => ({
    name,
    required: required.includes(name),
    schema: properties[name] ?? text,
  }))
}

function parts(schema: JsonSchema | undefined): {
  properties: Readonly<Record<string, JsonSchema>>
  required: readonly unknown[]
} {
  const properties = isRecord(schema?.['properties']) ? schema['properties'] : {}
  const known = Object.entries(properties).filter((entry): entry is [string, JsonSchema] => isRecord(entry[1]))
  const required: unknown = schema?.['required']
  return {
    properties: Object.fromEntries(known),
    required: Array.isArray(required) ? (required as readonly unknown[]) : [],
  }
}
