import { z } from 'zod'

/** What the explorer recorded of one request that was sent and its answer. Never a credential: only as whom. */
export const recordedSchema = z.strictObject({
  name: z.string().min(1).max(80),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** With its query string. */
  path: z.string().startsWith('/').max(4_000),
  as: z.union([z.strictObject({ user: z.string() }), z.strictObject({ role: z.string() })]).optional(),
  body: z.unknown().optional(),
  status: z.int().min(200).max(599),
  answer: z.unknown().optional(),
})

export type Recorded = z.infer<typeof recordedSchema>

/** A test file of the site that sends the request again and expects the same status and body. */
export function scenarioText(recorded: Recorded): { readonly file: string; readonly text: string } {
  const { name, method, path, as, body, status, answer } = recorded
  const request = [
    `${quoted(method)}`,
    quoted(path),
    ...(body === undefined ? [] : [`{ body: ${literal(body, '    ')} }`]),
  ]
  const lines = [
    "import assert from 'node:assert/strict'",
    "import { test } from 'node:test'",
    "import { testSite } from 'postern/testing'",
    '',
    `test(${quoted(name)}, async () => {`,
    "  await using site = await testSite({ folder: new URL('..', import.meta.url) })",
    `  const caller = ${asText(as)}`,
    `  const answer = await caller.request(${request.join(', ')})`,
    `  assert.equal(answer.status, ${status})`,
    ...(answer === undefined ? [] : [`  assert.deepEqual(answer.body, ${literal(answer, '  ')})`]),
    '})',
    '',
  ]
  return { file: `tests/${fileName(name)}.test.ts`, text: lines.join('\n') }
}

function asText(as: Recorded['as']): string {
  if (as === undefined) return 'site.anonymous()'
  return 'user' in as ? `await site.as(${quoted(as.user)})` : `await site.asRole(${quoted(as.role)})`
}

function fileName(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['scenario']
  return words.join('-').slice(0, 60)
}

/** JSON is TypeScript, once the two line ends that only JSON allows are escaped. */
function literal(value: unknown, indent: string): string {
  const text = JSON.stringify(value, null, 2) ?? 'undefined'
  return escaped(text).replaceAll('\n', `\n${indent}`)
}

function quoted(text: string): string {
  return escaped(`'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`)
}

function escaped(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
