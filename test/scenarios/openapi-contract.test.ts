import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { must } from '../../src/errors/must.ts'
import type { TestCaller } from '../../src/testing/test-caller.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { files } from '../browser/explorer-site.ts'
import { redoclyFindings } from '../fixtures/redocly.ts'

describe('an OpenAPI document and the server that it describes', () => {
  let served: TestSite | undefined
  before(async () => {
    const type = files['types/member.ts'].replace('age:', 'secret_note: field.text({ private: true }), age:')
    assert.match(type, /secret_note/)
    served = await openTestSite({ files: { ...files, 'types/member.ts': type, 'api/rooms.ts': rooms } })
  })
  after(() => served?.close())

  test('agree on every operation: on its statuses, and on the body of what is answered or refused', async () => {
    const site = must(served, 'open')
    const admin = site.asRole('admin')
    const member = { object_type: 'member', title: 'One', code: 'AAA', secret_note: 'hush' }
    for (const body of [member, { ...member, code: 'BBB' }])
      assert.equal((await admin.request('POST', '/api/objects', { body })).status, 201)
    const told = await admin.request('GET', '/api/openapi.json')
    const document = documentSchema.parse(told.body)
    assert.equal(await redoclyFindings(told.text), '')
    assert.doesNotMatch(told.text, /secret_note/, 'a private field is told to nobody, an administrator included')
    const kept: Kept = { bodies: 0, problems: 0, statuses: new Set() }
    const operations = operationsOf(document)
    for (const [operation, way] of operations.flatMap((one) => waysTo(site, one).map((way) => [one, way] as const))) {
      const { bodies, problems, statuses } = await hold(document, operation, way)
      kept.bodies += bodies
      kept.problems += problems
      for (const status of statuses) kept.statuses.add(status)
    }
    assert.ok(operations.length > 40 && kept.bodies > 10 && kept.problems > 150, JSON.stringify(kept))
    const missing = [200, 204, 400, 401, 403, 404, 422].filter((status) => !kept.statuses.has(status))
    assert.deepEqual(missing, [], 'statuses that nothing was answered with')
  })

  test('would be found to differ', () => {
    const document = {
      components: { schemas: { Room: { type: 'object', properties: { free: { type: 'integer' } } } } },
    }
    const schema = { type: 'array', items: { $ref: '#/components/schemas/Room' } }
    assert.deepEqual(misfits(schema, document, [{ free: 1 }]), [])
    assert.deepEqual(misfits(schema, document, [{ free: 'one' }]), ['0.free'])
  })
})

interface Way {
  readonly by: TestCaller
  readonly to: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Operation {
  readonly verb: string
  readonly path: string
  readonly hasBody: boolean
  readonly responses: Readonly<Record<string, Described>>
}

/** All but the one whose answer never ends. */
function operationsOf({ paths }: Document): readonly Operation[] {
  return Object.entries(paths)
    .filter(([path]) => !path.endsWith('/explorer/events'))
    .flatMap(([path, item]) =>
      Object.entries(item).map(([verb, { requestBody, responses }]) => ({
        verb: verb.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
        responses,
      })),
    )
}

interface Kept {
  bodies: number
  problems: number
  readonly statuses: Set<number>
}

/** Asks in this way, and holds the answer against what the document says of it. */
async function hold(document: Document, { verb, responses }: Operation, { by, to, ...asking }: Way): Promise<Kept> {
  const answer = await by.request(verb, to, asking)
  const what = `${verb} ${to}: ${answer.status} ${answer.text.slice(0, 300)}`
  const described = responseOf(document, responses, answer.status)
  assert.ok(described, what)
  assert.doesNotMatch(answer.text, /hush/)
  const statuses = new Set([answer.status])
  const isProblem = answer.status >= 400
  const schema = described.content?.[isProblem ? 'application/problem+json' : 'application/json']?.schema
  assert.ok(!isProblem || schema, what)
  if (schema === undefined || answer.status === 204) return { bodies: 0, problems: 0, statuses }
  assert.deepEqual(misfits(schema, document, answer.body), [], what)
  return { bodies: isProblem ? 0 : 1, problems: isProblem ? 1 : 0, statuses }
}

/** In the ways in which one is refused, and at last in one that may do something. */
function waysTo(site: TestSite, { path, hasBody }: Operation): readonly Way[] {
  const [first, none] = ['1', '999999'].map((value) => path.replaceAll(/\{\w+\}/g, value)) as [string, string]
  const admin = site.asRole('admin')
  const json = { 'content-type': 'application/json' }
  const wrong = hasBody
    ? [
        { by: admin, to: first, body: '{"broken', headers: json },
        { by: admin, to: first, body: '"text"', headers: json },
      ]
    : []
  const body = hasBody ? { body: {} } : {}
  return [
    { by: site, to: first, ...body },
    { by: site.as('plain'), to: first, ...body },
    { by: admin, to: `${first}?no_such_name=1`, ...body },
    ...wrong,
    ...(none === first ? [] : [{ by: admin, to: none, ...body }]),
    // Children of the first object, the first of each list, and so on: where there is no such thing, that is described too.
    { by: admin, to: first, ...body },
  ]
}

function responseOf(
  { components }: Document,
  responses: Readonly<Record<string, Described>>,
  status: number,
): Described | undefined {
  const found = responses[status] ?? responses[`${Math.floor(status / 100)}XX`]
  return found?.$ref === undefined ? found : components.responses[found.$ref.split('/').at(-1) ?? '']
}

const rooms = [
  "import { allow, defineEndpoint } from 'postern'",
  "import { z } from 'zod'",
  'const room = z.object({ name: z.string(), get inner() { return z.array(room) } })',
  'export const GET = defineEndpoint({',
  "  authorize: allow.everyone, envelope: 'rooms', response: z.array(room),",
  "  handler: () => [{ name: 'hall', inner: [{ name: 'cupboard', inner: [] }] }],",
  '})',
  '',
].join('\n')

/** Paths in the answer that are not what the schema says. */
function misfits(
  schema: object,
  { components }: { readonly components: { readonly schemas: object } },
  answer: unknown,
): string[] {
  const whole = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')
  const checked = z.fromJSONSchema(z.record(z.string(), z.unknown()).parse(JSON.parse(whole))).safeParse(answer)
  return checked.success ? [] : checked.error.issues.map(({ path }) => path.join('.'))
}

type Described = z.infer<typeof response>
type Document = z.infer<typeof documentSchema>

const response = z.object({
  $ref: z.string().optional(),
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
})

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ requestBody: z.unknown().optional(), responses: z.record(z.string(), response) })),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()), responses: z.record(z.string(), response) }),
})
