import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { must } from '../../src/errors/must.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { files } from '../browser/explorer-site.ts'
import { redoclyFindings } from '../fixtures/redocly.ts'

describe('an OpenAPI document and the server that it describes', () => {
  let served: TestSite | undefined
  before(async () => {
    served = await openTestSite({ files: { ...files, 'api/rooms.ts': rooms } })
  })
  after(() => served?.close())

  test('agree on every operation: on its statuses, and on the body of what is answered', async () => {
    const { request: ask } = must(served, 'open').asRole('admin')
    const member = { object_type: 'member', title: 'One', code: 'AAA' }
    for (const body of [member, { ...member, code: 'BBB' }])
      assert.equal((await ask('POST', '/api/objects', { body })).status, 201)
    const told = await ask('GET', '/api/openapi.json')
    const document = documentSchema.parse(told.body)
    assert.equal(await redoclyFindings(told.text), '')
    const seen = { operations: 0, bodies: 0 }
    for (const [path, item] of Object.entries(document.paths))
      for (const [verb, operation] of Object.entries(item)) {
        if (path.endsWith('/explorer/events')) continue
        // Children of the first object, the first of each list, and so on: where there is no such thing, that is described too.
        const plain = path.replaceAll(/\{\w+\}/g, '1')
        const answer = await ask(verb.toUpperCase(), plain, operation.requestBody ? { body: {} } : {})
        const described =
          operation.responses[answer.status] ?? operation.responses[`${Math.floor(answer.status / 100)}XX`]
        assert.ok(described, `${verb} ${plain}: ${answer.status} ${answer.text.slice(0, 200)}`)
        seen.operations++
        const schema = described.content?.['application/json']?.schema
        if (schema === undefined || answer.status === 204) continue
        assert.deepEqual(misfits(schema, document, answer.body), [], `${verb} ${plain}: ${answer.text.slice(0, 300)}`)
        seen.bodies++
      }
    assert.ok(seen.operations > 40 && seen.bodies > 10, JSON.stringify(seen))
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

const response = z.object({
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
})

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ requestBody: z.unknown().optional(), responses: z.record(z.string(), response) })),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})
