import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { z } from 'zod'
import { allow } from '../rules/allow.ts'
import { jsonSchemaOf, type JsonSchema } from '../schema/standard.ts'
import { endpoint } from '../../test/fixtures/endpoint-record.ts'
import { clientTypes } from './client-types.ts'
import { typeText } from './type-text.ts'

describe('a schema as a type', () => {
  const rows: [schema: z.ZodType, type: string][] = [
    [z.string().min(3), 'string'],
    [z.int(), 'number'],
    [z.boolean().nullable(), 'boolean | null'],
    [z.enum(['a', "b'c"]), '"a" | "b\'c"'],
    [z.literal(3), '3'],
    [z.array(z.union([z.string(), z.number()])), 'Array<string | number>'],
    [z.tuple([z.string(), z.number()]), '[string, number]'],
    [z.strictObject({ 'a-b': z.string(), c: z.number().optional() }), '{ "a-b": string; c?: number }'],
    [z.record(z.string(), z.number()), 'Record<string, number>'],
    [z.unknown(), 'unknown'],
    [
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a') }),
        z.object({ kind: z.literal('b'), x: z.int() }),
      ]),
      '{ kind: "a" } | { kind: "b"; x: number }',
    ],
  ]
  for (const [schema, type] of rows) test(type, () => assert.equal(typeText(schemaOf(schema)), type))
})

const site = [
  endpoint({ path: '/api/custom', id: 'custom', rule: allow.token, description: 'Ends */ a comment.' }),
  endpoint({
    path: '/api/items/:code',
    id: 'items',
    methods: ['GET', 'POST'],
    envelope: 'items',
    deprecated: true,
    schemas: {
      query: schemaOf(z.object({ limit: z.int(), q: z.string().optional() })),
      body: schemaOf(z.strictObject({ title: z.string() })),
      response: schemaOf(recursive()),
    },
  }),
  endpoint({
    path: '/api/objects',
    id: 'objects.list',
    allowedQuery: { GET: ['page', 'filter[object_type]', 'filter[*]'] },
    schemas: {
      response: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
    },
  }),
  endpoint({ path: '/closed', rule: undefined }),
]

describe("the client's types", () => {
  const text = clientTypes(site)

  test('have one entry for each method and path, and none that cannot be called', () => {
    const names = [...text.matchAll(/^ {2}"(.*)": \{$/gm)].map(([, name]) => name)
    assert.deepEqual(names, ['GET /api/custom', 'GET /api/items/:code', 'GET /api/objects', 'POST /api/items/:code'])
  })

  test('are the same for the same endpoints in another order', () => {
    assert.equal(clientTypes(site.toReversed()), text)
  })

  test('let through what is right, and nothing else', async () => {
    assert.deepEqual(await complaints(right), [])
    for (const wrong of wrongs) assert.notDeepEqual(await complaints(wrong), [], wrong)
  })

  async function complaints(use: string): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-types-'))
    try {
      const client = join(import.meta.dirname, '../client/index.ts')
      await writeFile(join(folder, 'package.json'), '{"type":"module"}')
      await writeFile(join(folder, 'site.ts'), text)
      const lines = [`import { createClient } from ${JSON.stringify(client)}`, "import type { Site } from './site.ts'"]
      await writeFile(join(folder, 'use.ts'), [...lines, "const api = createClient<Site>('http://x')", use].join('\n'))
      return await typecheck(join(folder, 'use.ts'))
    } finally {
      await rm(folder, { recursive: true })
    }
  }
})

const right = `
await api.call('GET /api/custom')
await api.call('GET /api/custom', { query: { anything: 1 } })
const answer = await api.call('GET /api/items/:code', { params: { code: 'a' }, query: { limit: 1 } })
const name: string | undefined = answer.data.children[0]?.name
await api.call('POST /api/items/:code', { params: { code: 1 }, query: { limit: 1 }, body: { title: 'x' } })
await api.call('GET /api/objects', { query: { page: 1, 'filter[price]': 3 }, signal: AbortSignal.timeout(1) })
for await (const item of api.list('GET /api/objects')) { const id: number = item.id; void id }
void name`

const wrongs = [
  `await api.call('GET /api/nothing')`,
  `await api.call('GET /closed')`,
  `await api.call('GET /api/items/:code')`,
  `await api.call('GET /api/items/:code', { params: { code: 'a' }, query: {} })`,
  `await api.call('POST /api/items/:code', { params: { code: 1 }, query: { limit: 1 }, body: { name: 'x' } })`,
  `await api.call('GET /api/objects', { query: { pgae: 1 } })`,
]

async function typecheck(file: string): Promise<string[]> {
  const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
  const flags =
    '--noEmit --strict --module nodenext --target es2024 --allowImportingTsExtensions --skipLibCheck --lib es2024,dom'
  const modules = join(import.meta.dirname, '../../node_modules/@types')
  const args = [compiler, ...flags.split(' '), '--types', 'node', '--typeRoots', modules, file]
  const run = promisify(execFile)(process.execPath, args, { cwd: dirname(file) })
  const { stdout } = await run.catch((thrown: { stdout: string }) => thrown)
  return stdout.split('\n').filter((line) => line !== '')
}

function recursive(): z.ZodType {
  const node: z.ZodType = z.object({
    name: z.string(),
    get children() {
      return z.array(node)
    },
  })
  return node
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return jsonSchemaOf(schema) ?? {}
}
