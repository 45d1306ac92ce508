import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import type { Endpoint } from '../endpoint/record.ts'
import { allow } from '../rules/allow.ts'
import { jsonSchemaOf, type JsonSchema } from '../schema/standard.ts'
import { endpoint } from '../../test/fixtures/endpoint-record.ts'
import { redoclyFindings } from '../../test/fixtures/redocly.ts'
import { openapi, type ApiFacts } from './openapi.ts'
import { toYaml } from './to-yaml.ts'

const facts: ApiFacts = {
  title: 'Museum',
  version: '1.0.0',
  url: 'https://museum.example.org',
  tokenHeader: 'x-api-token',
  tokenQuery: 'access_token',
  cookie: 'postern_session',
}

const node: z.ZodType = z.object({
  name: z.string(),
  get children() {
    return z.array(node)
  },
})

const site: readonly Endpoint[] = [
  endpoint({ path: '/api/public/custom', description: 'Says what it was told. And nothing else.' }),
  endpoint({ path: '/api/custom', methods: ['GET', 'POST'], rule: allow.token, id: 'custom' }),
  endpoint({ path: '/api/docs/*rest', deprecated: true, tags: ['docs', 'old'] }),
  endpoint({
    path: '/members/account/:code',
    id: 'members/account',
    source: 'manifest',
    group: 'members',
    rule: undefined,
  }),
  endpoint({
    path: '/api/items/:code',
    rule: allow.role('admin'),
    envelope: 'items',
    schemas: {
      params: schema(z.object({ code: z.int().min(1) })),
      query: schema(z.object({ limit: z.int().optional(), tags: z.array(z.string()), deep: z.boolean().optional() })),
      response: schema(node),
    },
  }),
  endpoint({ path: '/api/items/:id', methods: ['PUT'], rule: allow.user, schemas: { body: schema(node) } }),
  endpoint({
    path: '/api/objects',
    id: 'objects.list',
    source: 'builtin',
    place: 'house',
    rule: allow.token,
    allowedQuery: { GET: ['page', 'filter[object_type]', 'filter[*]'] },
    envelope: 'objects',
  }),
]

describe('the OpenAPI document', () => {
  const document = parsed(openapi(site, facts))

  test('has every endpoint, under one name for each path', () => {
    assert.deepEqual(Object.keys(document.paths), [
      '/api/custom',
      '/api/docs/{rest}',
      '/api/items/{code}',
      '/api/objects',
      '/api/public/custom',
      '/members/account/{code}',
    ])
    assert.deepEqual(Object.keys(document.paths['/api/items/{code}'] ?? {}), ['get', 'put'])
  })

  test('calls an operation by its name, and by its verb where one name goes for several', () => {
    assert.equal(operation('/api/objects', 'get').operationId, 'objects.list')
    assert.equal(operation('/api/custom', 'post').operationId, 'custom.post')
  })

  test('tells what the rule refuses, and not what it cannot', () => {
    const open = Object.keys(operation('/api/public/custom', 'get').responses)
    assert.ok(open.includes('401'), 'a wrong credential is refused even here')
    assert.ok(!open.includes('403'))
    assert.ok(Object.keys(operation('/api/items/{code}', 'get').responses).includes('403'))
  })

  test('promises no answer of an endpoint that is not activated', () => {
    const statuses = Object.keys(operation('/members/account/{code}', 'get').responses)
    assert.ok(statuses.includes('412'))
    assert.ok(!statuses.some((status) => status.startsWith('2')))
  })

  test('lets only the open endpoint be called without a credential', () => {
    const free = Object.entries(document.paths).filter(([, item]) =>
      Object.values(item).some(({ security }) => security.some((one) => Object.keys(one).length === 0)),
    )
    assert.deepEqual(
      free.map(([path]) => path),
      ['/api/public/custom', '/api/docs/{rest}'].toSorted(),
    )
  })

  test('shows required and coerced query names, and a group as an object', () => {
    const byName = new Map(operation('/api/items/{code}', 'get').parameters?.map((one) => [one.name, one]))
    assert.deepEqual([byName.get('tags')?.required, byName.get('tags')?.explode], [true, false])
    assert.equal(byName.get('limit')?.required, false)
    assert.deepEqual(byName.get('code')?.schema['type'], 'integer')
    const filter = operation('/api/objects', 'get').parameters?.find(({ name }) => name === 'filter')
    assert.equal(filter?.style, 'deepObject')
  })

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g)]
    assert.ok(references.length > 10)
    for (const [, kind, name = ''] of references)
      assert.ok(name in document.components[kind === 'schemas' ? 'schemas' : 'responses'], name)
    assert.ok(!JSON.stringify(document).includes('$defs'))
  })

  test('never tells where a file lies', () => {
    assert.ok(!JSON.stringify(document).includes('custom.ts'))
  })

  test('is valid by Redocly, as JSON and as YAML', async () => {
    const texts = [
      JSON.stringify(openapi(site, facts)),
      toYaml(openapi(site, facts)),
      JSON.stringify(openapi([], facts)),
    ]
    for (const text of texts) assert.equal(await redoclyFindings(text), '')
  })

  test('is not valid where it refers to nothing', async () => {
    const broken = endpoint({ schemas: { response: { $ref: '#/$defs/Nowhere' } } })
    assert.match(await redoclyFindings(JSON.stringify(openapi([broken], facts))), /Can't resolve/)
  })

  function operation(path: string, verb: string) {
    const found = document.paths[path]?.[verb]
    assert.ok(found, `${verb} ${path}`)
    return found
  }
})

function schema(given: z.ZodType): JsonSchema {
  return jsonSchemaOf(given) ?? {}
}

function parsed(document: unknown) {
  const parameter = z.object({
    name: z.string(),
    required: z.boolean(),
    style: z.string().optional(),
    explode: z.boolean().optional(),
    schema: z.record(z.string(), z.unknown()),
  })
  const operation = z.object({
    operationId: z.string(),
    security: z.array(z.record(z.string(), z.array(z.string()))),
    parameters: z.array(parameter).optional(),
    responses: z.record(z.string(), z.unknown()),
  })
  return z
    .object({
      paths: z.record(z.string(), z.record(z.string(), operation)),
      components: z.object({
        schemas: z.record(z.string(), z.unknown()),
        responses: z.record(z.string(), z.unknown()),
      }),
    })
    .parse(JSON.parse(JSON.stringify(document)))
}
