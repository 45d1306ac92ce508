import type { ExplorerEndpoint, ExplorerOperation, JsonSchema } from '../data/model.ts'
import { operationOf, type Draft } from './draft.ts'

export interface Complaint {
  /** `path.code`, `query.limit`, `body.title`, `body`. */
  readonly at: string
  readonly text: string
}

/** What the server would refuse, said before anything is sent. It says less than the server knows, never more. */
export function checkDraft(endpoint: ExplorerEndpoint, draft: Draft): readonly Complaint[] {
  const operation = operationOf(endpoint, draft)
  if (!operation) return []
  return [...checkPath(operation, draft), ...checkQuery(operation, draft), ...checkBody(operation, draft)]
}

function checkPath({ inputs }: ExplorerOperation, { params }: Draft): readonly Complaint[] {
  return inputs.path.flatMap(({ name, schema }) =>
    checkText(`path.${name}`, params[name] ?? '', { schema, required: true }),
  )
}

function checkQuery({ inputs }: ExplorerOperation, draft: Draft): readonly Complaint[] {
  const listed = inputs.query
    .filter(({ name }) => !name.endsWith('[*]'))
    .flatMap(({ name, schema, required }) => checkText(`query.${name}`, draft.query[name] ?? '', { schema, required }))
  const unknown = draft.extra.filter(
    ({ name }) =>
      name !== '' &&
      !inputs.anyQuery &&
      !isListed(
        name,
        inputs.query.map((one) => one.name),
      ),
  )
  const names = inputs.query.map(({ name }) => name).join(', ') || 'none'
  return [
    ...listed,
    ...unknown.map(({ name }) => ({
      at: `query.${name}`,
      text: `Not a query name of this endpoint. Valid names: ${names}.`,
    })),
  ]
}

function isListed(name: string, names: readonly string[]): boolean {
  return names.some((one) => one === name || (one.endsWith('[*]') && name.startsWith(one.slice(0, -2))))
}

function checkText(
  at: string,
  text: string,
  { schema, required }: { schema: JsonSchema; required: boolean },
): readonly Complaint[] {
  if (text === '') return required ? [{ at, text: 'Must be given.' }] : []
  const type = schema['type']
  if (type === 'integer' && !/^-?\d+$/.test(text)) return [{ at, text: 'Must be a whole number.' }]
  if (type === 'number' && !/^-?\d+(\.\d+)?$/.test(text)) return [{ at, text: 'Must be a number.' }]
  if (type === 'boolean' && text !== 'true' && text !== 'false') return [{ at, text: 'Must be true or false.' }]
  return []
}

function checkBody({ inputs }: ExplorerOperation, { body }: Draft): readonly Complaint[] {
  if (inputs.body === undefined || (body.trim() === '' && Object.keys(inputs.body).length === 0)) return []
  if (body.trim() === '') {
    const missing = checkObject(inputs.body, {})
    return missing.length > 0 ? missing : [{ at: 'body', text: 'Must be given.' }]
  }
  try {
    return checkObject(inputs.body, JSON.parse(body))
  } catch (thrown) {
    return [{ at: 'body', text: `Invalid JSON: ${thrown instanceof Error ? thrown.message : ''}` }]
  }
}

function checkObject(schema: JsonSchema, value: unknown): readonly Complaint[] {
  const choices = schema['anyOf'] ?? schema['oneOf']
  // One shape that fits is enough; of several that do not, nobody knows which was meant.
  if (Array.isArray(choices)) return choices.length === 1 ? checkObject(choices[0] as JsonSchema, value) : []
  const properties = schema['properties'] as Readonly<Record<string, unknown>> | undefined
  if (schema['type'] !== 'object' || !properties) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ at: 'body', text: 'Must be an object.' }]
  const required = (schema['required'] as readonly string[] | undefined) ?? []
  const missing = required
    .filter((name) => !(name in value))
    .map((name) => ({ at: `body.${name}`, text: 'Must be given.' }))
  const closed = schema['additionalProperties'] === false
  const unknown = Object.keys(value).filter((name) => closed && !(name in properties))
  return [...missing, ...unknown.map((name) => ({ at: `body.${name}`, text: 'Not a field of this endpoint.' }))]
}
