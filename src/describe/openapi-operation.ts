import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { answerSchema } from './envelope-schema.ts'
import { hoistDefinitions } from './hoist-definitions.ts'
import { impliedErrors } from './implied-errors.ts'
import { inputsOf, type Input } from './inputs.ts'
import { refusalsOf } from './openapi-refusals.ts'

export interface Operation {
  readonly operation: Readonly<Record<string, unknown>>
  /** What the operation's schemas refer to, for `components.schemas`. */
  readonly definitions: Readonly<Record<string, JsonSchema>>
  /** What its responses refer to, for `components.responses`. */
  readonly refusals: Readonly<Record<string, unknown>>
}

/** One verb of one endpoint; `names` renames path parameters. */
export function operationOf(endpoint: Endpoint, verb: Verb, names: ReadonlyMap<string, string>): Operation {
  const definitions: Record<string, JsonSchema> = {}
  const operationId = operationIdOf(endpoint, verb)
  const place = (schema: JsonSchema, part: string): JsonSchema => {
    const hoisted = hoistDefinitions(schema, `${operationId}.${part}`)
    Object.assign(definitions, hoisted.definitions)
    return hoisted.schema
  }
  const inputs = inputsOf(endpoint, verb)
  const refused = refusalsOf(impliedErrors(endpoint, verb))
  const parameters = [
    ...inputs.path.map((input) => pathParameter(input, names, place)),
    ...inputs.query.map((input) => queryParameter(input, place)),
  ]
  const operation = {
    operationId,
    summary: summaryOf(endpoint),
    description: descriptionOf(endpoint),
    tags: tagOf(endpoint),
    ...(endpoint.deprecated ? { deprecated: true } : {}),
    security: securityOf(endpoint),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(inputs.body ? { requestBody: requestBody(endpoint, place(inputs.body, 'body')) } : {}),
    responses: { ...answersOf(endpoint, verb, place), ...refused.responses },
  }
  return { operation, definitions, refusals: refused.components }
}

/** The endpoint's name, without the space that made names have; with its verb where one name goes for several. */
export function operationIdOf(endpoint: Endpoint, verb: Verb): string {
  const name = endpoint.id.replaceAll(' ', ':')
  return endpoint.methods.length === 1 ? name : `${name}.${verb.toLowerCase()}`
}

export function tagOf(endpoint: Endpoint): string[] {
  return [...(endpoint.tags ?? [endpoint.group ?? endpoint.source])]
}

type PlaceSchema = (schema: JsonSchema, part: string) => JsonSchema

function pathParameter(input: Input, names: ReadonlyMap<string, string>, place: PlaceSchema): unknown {
  const description = input.rest ? { description: 'The rest of the path; slashes separate its segments.' } : {}
  const name = names.get(input.name) ?? input.name
  return { name, in: 'path', required: true, ...description, schema: place(input.schema, `path.${input.name}`) }
}

function queryParameter(input: Input, place: PlaceSchema): unknown {
  const group = /^(.+)\[\*\]$/.exec(input.name)?.[1]
  if (group !== undefined) return groupParameter(group)
  const { description, ...schema } = input.schema
  return {
    name: input.name,
    in: 'query',
    required: input.required,
    ...(typeof description === 'string' ? { description } : {}),
    // A list travels as one value with commas.
    ...(schema['type'] === 'array' ? { style: 'form', explode: false } : {}),
    schema: place(schema, `query.${input.name}`),
  }
}

function groupParameter(name: string): unknown {
  const schema = { type: 'object', additionalProperties: { type: 'string' } }
  return { name, in: 'query', required: false, style: 'deepObject', explode: true, schema }
}

function requestBody(endpoint: Endpoint, schema: JsonSchema): unknown {
  const content = { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } }
  return { required: endpoint.schemas.body !== undefined, content }
}

function summaryOf(endpoint: Endpoint): string {
  const first = /^[^\n]*?(?=[.!?](?:\s|$)|\n|$)/.exec(endpoint.description ?? '')?.[0]
  return first === undefined || first === '' ? endpoint.id : first
}

function descriptionOf(endpoint: Endpoint): string {
  const who = `May be called by: ${ruleText(endpoint.rule)}.`
  return endpoint.description === undefined ? who : `${endpoint.description}\n\n${who}`
}

/** Any one is enough. The token in the query string works too, but nobody should prefer it. */
function securityOf(endpoint: Endpoint): readonly Readonly<Record<string, readonly string[]>>[] {
  const accepted = [{ bearer: [] }, { tokenHeader: [] }, { session: [] }]
  return endpoint.rule === 'everyone' ? [{}, ...accepted] : accepted
}

/** A status is only promised where the schema promises an answer to a read; a handler may always choose another one. */
function answersOf(endpoint: Endpoint, verb: Verb, place: PlaceSchema): Readonly<Record<string, unknown>> {
  if (endpoint.rule === undefined) return {}
  const schema = answerSchema(endpoint, verb)
  if (schema === undefined) return { '2XX': { description: 'Whatever the handler returns; 204 where it is nothing.' } }
  const content = { 'application/json': { schema: place(schema, 'answer') } }
  return { [verb === 'GET' ? '200' : '2XX']: { description: 'Done.', content } }
}
