import { z } from 'zod'
import { isRecord } from './inputs.ts'

/** What the explorer recorded of one request that was sent and its answer. Never a credential: only as whom. */
export const recordedSchema = z.strictObject({
  name: z.string().min(1).max(80),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** With its query string. */
  path: z.string().startsWith('/').max(4_000),
  as: z
    .union([
      z.strictObject({ user: z.string(), roles: z.array(z.string()).optional() }),
      z.strictObject({ role: z.string() }),
    ])
    .optional(),
  body: z.unknown().optional(),
  status: z.int().min(200).max(599),
  answer: z.unknown().optional(),
})

export type Recorded = z.infer<typeof recordedSchema>

/** A test file of the site that sends the request again and expects the same status, and of the body what stays the same. */
export function scenarioText(recorded: Recorded): { readonly file: string; readonly text: string } {
  const { name, as } = recorded
  const lines = [
    "import { scenario } from 'postern/testing'",
    '',
    '// The test has a database of its own: make in `prepare` what the request speaks of.',
    `scenario(${quoted(name)}, { folder: new URL('..', import.meta.url)${prepareText(as)} }, [`,
    '  {',
    ...rowLines(recorded).map((line) => `    ${line},`),
    '  },',
    '])',
    '',
  ]
  return { file: `tests/${fileName(name)}.test.ts`, text: lines.join('\n') }
}

function rowLines({ method, path, as, body, status, answer }: Recorded): readonly string[] {
  const steady = withoutPassing(answer)
  const kind = isRecord(steady) || Array.isArray(steady) ? 'contains' : 'answer'
  return [
    `request: ${quoted(`${method} ${path}`)}`,
    ...(as === undefined ? [] : [`as: ${quoted('user' in as ? as.user : `role:${as.role}`)}`]),
    ...(body === undefined ? [] : [`body: ${literal(body)}`]),
    `status: ${status}`,
    ...(steady === undefined ? [] : [`${kind}: ${literal(steady)}`]),
  ]
}

function prepareText(as: Recorded['as']): string {
  if (as === undefined || !('user' in as)) return ''
  const user = `{ name: ${quoted(as.user)}, roles: ${literal(as.roles ?? [])} }`
  return `, prepare: async ({ house }) => void (await house.accounts.createUser(${user}))`
}

/** Addresses, the id of the request and the times of objects are of one run alone. */
function withoutPassing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPassing)
  if (!isRecord(value)) return value
  const steady = Object.entries(value).filter(([name, member]) => !passing.has(name) && !isAddress(member))
  return Object.fromEntries(steady.map(([name, member]) => [name, withoutPassing(member)]))
}

const passing = new Set(['instance', 'created', 'modified', 'url'])

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value)
}

function fileName(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['scenario']
  return words.join('-').slice(0, 60)
}

/** JSON is TypeScript, once the two line ends that only JSON allows are escaped. */
function literal(value: unknown): string {
  return escaped(JSON.stringify(value, null, 2)).replaceAll('\n', '\n    ')
}

function quoted(text: string): string {
  return escaped(`'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`)
}

function escaped(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
