import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import { buildRegistry } from './build.ts'

describe('routing', () => {
  const registry = buildRegistry([
    endpoint('GET /api/hello'),
    endpoint('GET /api/items/:code'),
    endpoint('POST /api/items/:code'),
    endpoint('GET /api/items/new'),
    endpoint('GET /api/docs/*rest'),
    endpoint('GET /api/docs/index'),
    endpoint('GET /api/a/:x/b/:y'),
  ])
  const found: readonly [string, string, string, Record<string, string>][] = [
    ['GET', '/api/hello', 'GET /api/hello', {}],
    ['GET', '/api/items/AAA', 'GET /api/items/:code', { code: 'AAA' }],
    ['GET', '/api/items/new', 'GET /api/items/new', {}],
    ['POST', '/api/items/new', 'POST /api/items/:code', { code: 'new' }],
    ['GET', '/api/items/caf%C3%A9', 'GET /api/items/:code', { code: 'café' }],
    ['GET', '/api/docs/a/b', 'GET /api/docs/*rest', { rest: 'a/b' }],
    ['GET', '/api/docs/index', 'GET /api/docs/index', {}],
    ['GET', '/api/a/1/b/2', 'GET /api/a/:x/b/:y', { x: '1', y: '2' }],
  ]
  for (const [method, path, id, params] of found) {
    it(`${method} ${path} → ${id}`, () => {
      const match = registry.route(method, path)
      assert.deepEqual([match.endpoint.id, { ...match.params }], [id, params])
    })
  }

  const refused: readonly [string, string, string][] = [
    ['GET', '/api/Hello', 'NOT_FOUND'],
    ['GET', '/api/hello/', 'NOT_FOUND'],
    ['GET', '/api//hello', 'NOT_FOUND'],
    ['GET', '/api/./hello', 'NOT_FOUND'],
    ['GET', '/api/x/../hello', 'NOT_FOUND'],
    ['GET', '/api/%2e%2e/hello', 'NOT_FOUND'],
    ['GET', '/api/%68ello', 'NOT_FOUND'],
    ['GET', '/api/hello.get', 'NOT_FOUND'],
    ['GET', '/api/hello;x', 'NOT_FOUND'],
    ['GET', '/api/hello.', 'NOT_FOUND'],
    ['GET', '/api/..%2fhello', 'BAD_PATH'],
    ['GET', '/api/..%5chello', 'BAD_PATH'],
    ['GET', '/api\\hello', 'BAD_PATH'],
    ['GET', '/api/hello%00', 'BAD_PATH'],
    ['GET', '/api/items/a%0ab', 'BAD_PATH'],
    ['GET', '/api/items/a%0Db', 'BAD_PATH'],
    ['GET', '/api/items/a%7Fb', 'BAD_PATH'],
    ['GET', '/api/items/%ff', 'BAD_PATH'],
    ['GET', '/api/items/%', 'BAD_PATH'],
    ['GET', '/api/items/', 'NOT_FOUND'],
    ['GET', '/api/docs', 'NOT_FOUND'],
    ['GET', '/api/docs/', 'NOT_FOUND'],
    ['GET', '/__proto__', 'NOT_FOUND'],
    ['GET', '/constructor', 'NOT_FOUND'],
    ['constructor', '/api/hello', 'METHOD_NOT_ALLOWED'],
    ['BREW', '/api/hello', 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/api/items/new', 'METHOD_NOT_ALLOWED'],
  ]
  for (const [method, path, code] of refused) {
    it(`${method} ${path} → ${code}`, () => {
      assert.throws(
        () => registry.route(method, path),
        (thrown) => thrown instanceof PosternError && thrown.code === code,
      )
    })
  }

  it('names every verb of the path in Allow', () => {
    assert.throws(
      () => registry.route('DELETE', '/api/items/new'),
      (thrown) => thrown instanceof PosternError && thrown.headers['allow'] === 'GET, POST, HEAD, OPTIONS',
    )
  })
})

describe('a trailing slash', () => {
  it('is another path, for the few that claim one', () => {
    const registry = buildRegistry([
      endpoint('GET /api/get/members'),
      endpoint('GET /api/get/members/'),
      endpoint('GET /api/hello'),
    ])
    assert.equal(registry.route('GET', '/api/get/members/').endpoint.id, 'GET /api/get/members/')
    assert.equal(registry.route('GET', '/api/get/members').endpoint.id, 'GET /api/get/members')
    assert.throws(() => registry.route('GET', '/api/hello/'), /no endpoint/)
  })
})

describe('claims', () => {
  it('refuses two on one verb and path, whatever the parameter is called, and names both places', () => {
    assert.throws(
      () =>
        buildRegistry([
          endpoint('GET /api/:a', { origin: { file: 'api/[a].ts', line: 3 } }),
          endpoint('GET /api/:b', { id: 'other', origin: { file: 'api/[b].ts' } }),
        ]),
      /GET \/api\/:b is claimed twice: by api\/\[a\]\.ts:3 and by api\/\[b\]\.ts/,
    )
  })
  it('lets a site win over an addon only when it says so', () => {
    const addon = endpoint('GET /api/hello', { id: 'addon', source: 'addon' })
    assert.throws(() => buildRegistry([addon, endpoint('GET /api/hello')]), /claimed twice/)
    const registry = buildRegistry([addon, endpoint('GET /api/hello', { id: 'mine', override: true })])
    assert.equal(registry.route('GET', '/api/hello').endpoint.id, 'mine')
    assert.equal(registry.byId.has('addon'), false)
  })
  it('does not let override displace what is no addon', () => {
    assert.throws(
      () => buildRegistry([endpoint('GET /api/hello'), endpoint('GET /api/hello', { id: 'mine', override: true })]),
      /claimed twice/,
    )
  })
  it('cannot be changed once built', () => {
    const registry = buildRegistry([endpoint('GET /api/hello')])
    assert.throws(() => (registry.endpoints as Endpoint[]).push(endpoint('GET /api/late')), TypeError)
  })
})

function endpoint(claim: string, facts: Partial<Endpoint> = {}): Endpoint {
  const [verb, path] = claim.split(' ') as ['GET', string]
  return {
    id: claim,
    methods: [verb],
    path,
    source: 'files',
    origin: { file: 'api/x.ts' },
    rule: 'everyone',
    place: 'site',
    schemas: {},
    timeout: 1,
    bodyLimit: 1,
    ...facts,
  }
}
