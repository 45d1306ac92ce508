import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { pagingSchema } from './envelope-schema.ts'
import { hoistDefinitions } from './hoist-definitions.ts'
import { inputsOf, type Input } from './inputs.ts'
import { operationIdOf } from './openapi-operation.ts'
import { nameText, typeName, typeText } from './type-text.ts'

/**
 * The text of a declaration file for `createClient<Site>`: one flat entry for each method and path, made from the
 * records alone, so that no handler has to be read or inferred. The same endpoints give the same text.
 */
export function clientTypes(endpoints: readonly Endpoint[]): string {
  const definitions: Record<string, JsonSchema> = {}
  const entries = endpoints
    .filter(({ rule, group }) => rule !== undefined && group !== 'explorer')
    .flatMap((endpoint) => endpoint.methods.map((verb) => [`${verb} ${endpoint.path}`, endpoint, verb] as const))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, endpoint, verb]) => {
      const entry = entryOf(name, endpoint, verb)
      Object.assign(definitions, entry.definitions)
      return entry.text
    })
  const types = Object.entries(definitions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => `export type ${typeName(name)} = ${typeText(schema)}\n`)
  return [
    '// Written by `postern types` from the endpoints of this site; changes are lost.\n',
    `export interface Site {\n${entries.join('')}}\n`,
    ...(endpoints.some(({ envelope }) => envelope !== undefined) ? [envelopeType] : []),
    ...types,
  ].join('\n')
}

interface Written {
  readonly text: string
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/** After a save all records come anew, and nearly all of them say what they said before. */
const written = new Map<string, Written>()
const mostWritten = 20_000

function entryOf(name: string, endpoint: Endpoint, verb: Verb): Written {
  const key = `${verb} ${JSON.stringify(endpoint)}`
  const known = written.get(key)
  if (known !== undefined) return known
  const definitions: Record<string, JsonSchema> = {}
  const made = { text: entryText(name, { endpoint, verb, definitions }), definitions }
  if (written.size >= mostWritten) written.clear()
  written.set(key, made)
  return made
}

const envelopeType = [
  'export interface Enveloped<Api, Data> {',
  '  api: Api',
  '  data: Data',
  '  method: string',
  `  paging?: ${typeText(pagingSchema)}`,
  '  params: [] | Record<string, string>',
  '  url: string',
  '}',
  '',
].join('\n')

interface Subject {
  readonly endpoint: Endpoint
  readonly verb: Verb
  /** Where the types that an entry refers to are gathered. */
  readonly definitions: Record<string, JsonSchema>
}

function entryText(name: string, subject: Subject): string {
  const { endpoint, verb } = subject
  const inputs = inputsOf(endpoint, verb)
  const parts = [
    inputs.path.length > 0 ? [`params: { ${inputs.path.map((input) => pathText(input, subject)).join('; ')} }`] : [],
    queryText(subject),
    inputs.body === undefined ? [] : [bodyText(subject, inputs.body)],
  ].flat()
  return [
    `  /** ${commentText(endpoint, verb)} */\n`,
    `  ${JSON.stringify(name)}: {\n`,
    `    input: ${parts.length > 0 ? `{ ${parts.join('; ')} }` : 'Record<never, never>'}\n`,
    `    answer: ${answerText(subject)}\n`,
    '  }\n',
  ].join('')
}

function answerText(subject: Subject): string {
  const { envelope, schemas } = subject.endpoint
  const data = schemas.response === undefined ? 'unknown' : typeOf(schemas.response, subject, 'answer')
  return envelope === undefined ? data : `Enveloped<${JSON.stringify(envelope)}, ${data}>`
}

function pathText(input: Input, subject: Subject): string {
  const type = typeOf(input.schema, subject, `path.${input.name}`)
  return `${nameText(input.name)}: ${type === 'string' ? 'string | number' : type}`
}

/** A group such as `filter[*]` is a pattern of names; where any name goes, so does it here. */
function queryText(subject: Subject): string[] {
  const { query, anyQuery } = inputsOf(subject.endpoint, subject.verb)
  if (query.length === 0 && !anyQuery) return []
  const members = query.map((input) => {
    const type = typeOf(input.schema, subject, `query.${input.name}`)
    const loose = type === 'string' ? 'string | number | boolean' : type
    const group = /^(.+)\[\*\]$/.exec(input.name)?.[1]
    if (group !== undefined) return `[name: \`${group}[\${string}]\`]: string | number | boolean | undefined`
    return `${nameText(input.name)}${input.required ? '' : '?'}: ${loose}`
  })
  if (anyQuery) members.push('[name: string]: string | number | boolean | undefined')
  return [`query${query.some((input) => input.required) ? '' : '?'}: { ${members.join('; ')} }`]
}

function bodyText(subject: Subject, schema: JsonSchema): string {
  const isDeclared = subject.endpoint.schemas.body !== undefined
  return `body${isDeclared ? '' : '?'}: ${typeOf(schema, subject, 'body')}`
}

function typeOf(schema: JsonSchema, subject: Subject, part: string): string {
  const hoisted = hoistDefinitions(schema, `${operationIdOf(subject.endpoint, subject.verb)}.${part}`)
  Object.assign(subject.definitions, hoisted.definitions)
  return typeText(hoisted.schema)
}

function commentText(endpoint: Endpoint, verb: Verb): string {
  const said = `${operationIdOf(endpoint, verb)}: ${endpoint.description ?? ''} Called by ${ruleText(endpoint.rule)}.`
  const line = said.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')
  return endpoint.deprecated ? `${line} @deprecated` : line
}
