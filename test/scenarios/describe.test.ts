import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { clientTypes } from '../../src/describe/client-types.ts'
import { scenario } from '../../src/testing/scenario.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { files } from '../browser/explorer-site.ts'

const site = { files: { ...files, 'api/secret.ts': adminsOnly() }, settings: { api: { protected: false } } }
const own = { 'x-postern-explorer': '1' }

scenario('the index', site, [
  {
    request: 'GET /api',
    status: 200,
    contains: /"objects":"http:\/\/127\.0\.0\.1:\d+\/api\/objects"/,
    never: /explorer|secret/,
  },
  { request: 'GET /api', headers: { accept: 'text/html' }, status: 200, sends: { 'content-type': /json/ } },
  { request: 'POST /api', status: 405, code: 'METHOD_NOT_ALLOWED' },
])

scenario('the OpenAPI document', site, [
  {
    request: 'GET /api/openapi.json',
    status: 200,
    contains: /"openapi":"3\.1\.0"/,
    never: /\/api\/secret|\/members\/account|api\/custom\.ts/,
    name: 'tells nobody of what is for others, nor where a file lies',
  },
  { request: 'GET /api/openapi.json', as: 'tom', status: 200, contains: /\/members\/account/, never: /\/api\/secret/ },
  { request: 'GET /api/openapi.json', as: 'role:admin', status: 200, contains: /\/api\/secret/ },
  {
    request: 'GET /api/openapi.yaml',
    status: 200,
    contains: /^openapi: "3\.1\.0"\n/,
    sends: { 'content-type': /yaml/ },
  },
  {
    request: 'GET /api/openapi.json?verbose=1',
    status: 200,
    name: 'takes any query name, as an endpoint without a schema does',
  },
])

scenario('the explorer in production, where it is switched on', { ...site, mode: 'start' }, [
  { request: 'GET /api/explorer/endpoints', status: 401 },
  { request: 'GET /api/explorer/endpoints', as: 'tom', status: 403 },
  {
    request: 'GET /api/explorer/endpoints',
    as: 'role:admin',
    status: 200,
    contains: { mode: 'production', problems: [] },
    never: /custom\.ts/,
  },
  { request: 'GET /api/explorer/events', status: 401 },
  { request: 'POST /api/explorer/why', as: 'tom', body: { method: 'GET', path: '/api' }, status: 403 },
  {
    request: 'POST /api/explorer/why',
    as: 'role:admin',
    body: { method: 'GET', path: '/api/secret', as: { role: 'editor' } },
    status: 200,
    contains: { status: 403 },
  },
  { request: 'POST /api/explorer/as', as: 'role:admin', headers: own, body: { user: 'tom' }, status: 404 },
  { request: 'POST /api/explorer/scenarios', as: 'role:admin', headers: own, body: {}, status: 404 },
])

scenario('the explorer, switched off', { ...site, settings: { ...site.settings, explorer: false } }, [
  { request: 'GET /api/explorer/endpoints', as: 'role:admin', status: 404 },
  { request: 'GET /api/explorer/events', as: 'role:admin', status: 404 },
  { request: 'GET /api/openapi.json', status: 200 },
])

const request = { name: 'x', method: 'GET', path: '/api/public/hello', status: 200 }

scenario('the tools of the explorer, in development', { ...site, mode: 'dev', prepare: makeTom }, [
  {
    request: 'GET /api/explorer/endpoints',
    headers: own,
    status: 200,
    contains: { people: { users: [{ name: 'tom' }] } },
  },
  { request: 'GET /api/explorer/endpoints', name: 'tell no name to any other page', status: 200, never: /"tom"/ },
  {
    request: 'GET /api/explorer/endpoints',
    status: 200,
    contains: { mode: 'development', can: { actAs: true, why: true, save: true } },
  },
  {
    request: 'POST /api/explorer/as',
    name: 'refuse a page of another site, which cannot set the header',
    body: { role: 'admin' },
    status: 403,
    code: 'FOREIGN_ORIGIN',
    never: /acting_/,
  },
  {
    request: 'POST /api/explorer/as',
    name: 'refuse a name that was rebound to this machine',
    headers: { ...own, host: 'evil.example:4000' },
    body: { role: 'admin' },
    status: 403,
    code: 'FOREIGN_ORIGIN',
    never: /acting_/,
  },
  {
    request: 'POST /api/explorer/as',
    headers: { ...own, 'sec-fetch-site': 'cross-site' },
    body: { role: 'admin' },
    status: 403,
  },
  {
    request: 'POST /api/explorer/as',
    headers: own,
    body: { role: 'admin' },
    status: 200,
    contains: /acting_/,
    sends: { 'cache-control': /no-store/ },
    also: async ({ request: ask }, { body }) => {
      const { token } = z.object({ token: z.string() }).parse(body)
      assert.equal((await ask('GET', '/api/secret', { token })).status, 200)
      assert.equal((await ask('GET', '/api/secret', { token: `${token}x` })).status, 401)
    },
  },
  { request: 'POST /api/explorer/as', headers: own, body: { user: 'nobody-here' }, status: 404 },
  { request: 'POST /api/explorer/as', headers: own, body: { token: 'nothing-here' }, status: 404 },
  {
    request: 'POST /api/explorer/as',
    name: 'lend a credential that acts as an API token, with its scopes and no more',
    headers: own,
    body: { token: 'robot' },
    status: 200,
    contains: /acting_/,
    never: /pat_/,
    also: async ({ request: ask }, { body }) => {
      const { token } = z.object({ token: z.string() }).parse(body)
      assert.equal((await ask('GET', '/api/public/hello', { token })).status, 200)
      assert.match((await ask('GET', '/api/secret', { token })).text, /OUT_OF_SCOPE/)
    },
  },
  {
    request: 'POST /api/explorer/why',
    headers: own,
    body: { method: 'GET', path: '/api/secret?x=1', as: { role: 'editor' } },
    status: 200,
    contains: {
      status: 403,
      steps: [{ step: 'route' }, { step: 'authenticate' }, { step: 'authorize', code: 'FORBIDDEN', passed: false }],
    },
  },
  {
    request: 'POST /api/explorer/why',
    headers: own,
    body: { method: 'GET', path: '/api/nothing' },
    status: 200,
    contains: { status: 404, steps: [{ step: 'route', passed: false, code: 'NOT_FOUND' }] },
  },
  {
    request: 'POST /api/explorer/why',
    headers: own,
    body: { method: 'GET', path: '/members/hello' },
    status: 200,
    contains: { status: 412 },
  },
  {
    request: 'POST /api/explorer/scenarios',
    headers: own,
    body: { ...request, name: "It's a test" },
    status: 201,
    contains: { file: 'tests/it-s-a-test.test.ts' },
    also: ({ root }) => {
      const text = readFileSync(join(root, 'tests/it-s-a-test.test.ts'), 'utf8')
      assert.match(text, /request: 'GET \/api\/public\/hello'/)
    },
  },
  {
    request: 'POST /api/explorer/scenarios',
    headers: own,
    body: { ...request, name: "It's a test" },
    status: 409,
    code: 'CONFLICT',
  },
  {
    request: 'POST /api/explorer/scenarios',
    name: 'write no file outside tests, whatever the test is called',
    headers: own,
    body: { ...request, name: '../../evil' },
    status: 201,
    contains: { file: 'tests/evil.test.ts' },
  },
])

describe('what is told while a file is broken', () => {
  test('is in a browser a page that names file and line, until it is mended; for programs nothing changes', async () => {
    await using dev = await openTestSite({ ...site, mode: 'dev', isolation: 'thread' })
    const html = { headers: { accept: 'text/html,application/xhtml+xml' } }
    const told = async (): Promise<string> => (await dev.request('GET', '/api', html)).text
    const broken = dev.changed()
    dev.write('api/custom.ts', 'export default () => {\n  return <b>\n}\n')
    await broken
    assert.match(await told(), /<h2>api\/custom\.ts:\d+/)
    assert.doesNotMatch(await told(), /<b>/, 'what a file says is text, not a part of the page')
    assert.match((await dev.request('GET', '/api')).text, /^\{"/)
    const mended = dev.changed()
    dev.write('api/custom.ts', 'export default () => 1\n')
    await mended
    assert.match(await told(), /^\{"/)
  })
})

describe('the schemas of content', () => {
  test('never hold a private field, in whichever document', async () => {
    const type = [
      "import { allow, defineType, field } from 'postern'",
      'export default defineType({',
      "  name: 'agent', plural: 'agents',",
      '  fields: { alias: field.text(), realname: field.text({ private: true }) },',
      '  rules: { read: allow.everyone, create: allow.user, update: allow.user, delete: allow.user },',
      '})',
    ]
    await using kept = await openTestSite({
      ...site,
      files: { ...site.files, 'types/agent.ts': type.join('\n') },
      mode: 'dev',
    })
    const asking = kept.asRole('admin')
    for (const path of ['/api/openapi.json', '/api/openapi.yaml']) {
      const { text } = await asking.request('GET', path)
      assert.match(text, /alias/)
      assert.doesNotMatch(text, /realname/, path)
    }
    assert.doesNotMatch(clientTypes(kept.house.records()), /realname/)
  })
})

async function makeTom({ house }: TestSite): Promise<void> {
  await house.accounts.createUser({ name: 'tom', roles: [] })
  await house.accounts.createToken({ name: 'robot', scopes: ['GET /api/public/*'] })
}

function adminsOnly(): string {
  return "import { allow, defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: allow.role('admin'), handler: () => true })\n"
}
