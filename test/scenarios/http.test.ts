import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestSite, scenario, type ScenarioRow } from '../../src/testing/index.ts'

const files = {
  'api/public/hello.ts': "export default ({ param }) => ({ hello: param('name') ?? 'world' })\n",
  'api/public/only.get.ts': "export default () => 'got'\n",
  'api/public/query.ts': 'export const GET = ({ query }) => ({ query })\n',
  'api/custom.ts': "export default ({ param }) => param('test') ?? false\n",
  'api/public/said.ts': `export default ({ reply }) => {
    reply.header('transfer-encoding', 'chunked').header('connection', 'upgrade').header('content-length', '3').header('x-request-id', 'mine').header('cache-control', 'public')
    return 'said'
  }\n`,
}

scenario('verbs', { files }, [
  { request: 'GET /api/public/only', status: 200, answer: 'got' },
  {
    request: 'HEAD /api/public/only',
    status: 200,
    answer: '',
    sends: { 'content-length': '3', 'content-type': /text\/plain/ },
  },
  { request: 'HEAD /api/nowhere', status: 404, answer: '' },
  { request: 'HEAD /api/custom', status: 401, answer: '' },
  { request: 'POST /api/public/only', status: 405, code: 'METHOD_NOT_ALLOWED', sends: { allow: 'GET, HEAD, OPTIONS' } },
  {
    request: 'OPTIONS /api/public/only',
    status: 204,
    answer: '',
    sends: { allow: 'GET, HEAD, OPTIONS', 'content-length': null },
  },
  {
    request: 'OPTIONS /api/public/hello',
    status: 204,
    sends: { allow: 'DELETE, GET, PATCH, POST, PUT, HEAD, OPTIONS' },
  },
  { request: 'OPTIONS /api/nowhere', status: 404, code: 'NOT_FOUND' },
  ...['PROPFIND', 'TRACE', 'QUERY', 'LINK', 'M-SEARCH', 'PURGE', 'LOCK', 'MKACTIVITY'].map((verb): ScenarioRow => ({
    request: `${verb} /api/public/only`,
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    sends: { allow: 'GET, HEAD, OPTIONS' },
  })),
  { request: 'PROPFIND /api/nowhere', status: 404, code: 'NOT_FOUND' },
  { request: 'POST /healthz', status: 405, sends: { allow: 'GET, HEAD' } },
  { request: 'GET /healthz/below', status: 404, code: 'NOT_FOUND' },
])

describe('V94 V102 what is not HTTP at all is answered once, and the connection ends', () => {
  const rows: [what: string, bytes: string, status: number][] = [
    ['a verb never heard of', 'BREW /api/public/hello HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a verb that is a property', '__proto__ /api/public/hello HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['another one', 'constructor /api/public/hello HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a verb in small letters', 'get /api/public/hello HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a proxy request', 'CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['no Host', 'GET /api/public/hello HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['bare line feeds', 'GET /api/public/hello HTTP/1.1\nHost: x\n\n', 400],
    ['a space before the colon', 'GET /api/public/hello HTTP/1.1\r\nHost : x\r\n\r\n', 400],
    ['a folded header', 'GET /api/public/hello HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\nConnection: close\r\n\r\n', 400],
    ['a NUL in a header', 'GET /api/public/hello HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n', 400],
    ['a version never heard of', 'GET /api/public/hello HTTP/3.7\r\nHost: x\r\n\r\n', 400],
    ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001', 400],
    ['headers of 20 kB', `GET /api/public/hello HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a query string of 1 MB', `GET /api/public/hello?q=${'a'.repeat(1_048_576)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['a path of 1 MB', `GET /${'a'.repeat(1_048_576)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ]
  for (const [what, bytes, status] of rows) {
    test(`${what}: ${status}`, async () => {
      await using site = await openTestSite({ files })
      const answer = await site.raw(bytes)
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
      assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/)
      assert.match(answer, /\r\nx-content-type-options: nosniff\r\n/)
      assert.match(answer, /\r\nconnection: close\r\n/i)
      assert.equal(answer.match(/HTTP\/1\.1 \d{3} /g)?.length, 1, 'one answer')
      assert.equal((await site.request('GET', '/healthz')).status, 200)
    })
  }
})

scenario('V76 V78 query strings', { files }, [
  { request: 'GET /api/public/query?a=1&b=%C3%A9+%2B', status: 200, answer: { query: { a: '1', b: 'é +' } } },
  { request: 'GET /api/public/query?', status: 200, answer: { query: {} } },
  ...[
    'a=1&a=2',
    'a=1&%61=2',
    '__proto__=1',
    '%5f%5fproto%5f%5f=1',
    'a[__proto__]=1',
    'a[constructor][prototype]=1',
    'a.__proto__.b=1',
    'a[b][c][d][e]=1',
    'a=%ff',
    'a=%',
    '%zz=1',
    'a=%00',
    '=1',
    `${'n'.repeat(201)}=1`,
    Array.from({ length: 1_000 }, (_, index) => `n${index}=1`).join('&'),
  ].map((search): ScenarioRow => ({
    name: `?${search.slice(0, 40)} is 400`,
    request: `GET /api/public/query?${search}`,
    status: 400,
    code: 'BAD_QUERY',
  })),
])

scenario('V46 credentials: the first one present decides', { files }, [
  { request: 'GET /api/custom?test=foo,bar,baz', as: 'tom', status: 200, answer: 'foo,bar,baz' },
  { request: 'GET /api/custom', as: 'tom', status: 404, code: 'NOT_FOUND' },
  { request: 'GET /api/custom?test=a', status: 401, code: 'UNAUTHENTICATED', sends: { 'www-authenticate': 'Bearer' } },
  { request: 'GET /api/custom?test=a', token: 'pat_wrong', status: 401, code: 'BAD_CREDENTIAL' },
  { request: 'GET /api/public/hello', token: 'pat_wrong', status: 401, code: 'BAD_CREDENTIAL' },
  { request: 'GET /api/custom?test=a&token=wrong', status: 401, code: 'BAD_CREDENTIAL' },
  { request: 'GET /api/custom?test=a', headers: { authorization: 'Bearer' }, status: 401 },
  {
    name: 'doubled, in every way',
    request: 'GET /healthz',
    status: 200,
    also: async (site) => {
      const token = await site.token()
      const head = 'GET /api/custom?test=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
      const twice = await site.raw(`${head}Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
      assert.match(twice, /^HTTP\/1\.1 400 [\s\S]*BAD_CREDENTIAL_MIX/)
      const header = await site.raw(`${head}X-Api-Token: ${token}\r\nX-Api-Token: wrong\r\n\r\n`)
      assert.match(header, /^HTTP\/1\.1 400 [\s\S]*BAD_CREDENTIAL_MIX/)
      const wrongFirst = await site.request('GET', `/api/custom?test=a&token=${token}`, { token: 'pat_wrong' })
      assert.equal(wrongFirst.status, 401, 'a wrong one is never passed over for a right one')
      const queried = await site.request('GET', `/api/custom?test=a&token=${token}`)
      assert.equal(queried.text, 'a')
      const said = JSON.stringify(site.observed.filter(({ kind }) => kind !== 'request.done'))
      assert.ok(!said.includes(token), 'no credential is noted')
    },
  },
])

scenario('a refusal without a body to wait for leaves the connection open', { files, isolations: ['inline'] }, [
  { request: `GET /${'x'.repeat(8_200)}`, status: 414, sends: { connection: 'keep-alive' } },
  { request: 'GET /api/nowhere', status: 404, sends: { connection: 'keep-alive' } },
  { request: 'OPTIONS /api/public/hello', status: 204, sends: { connection: 'keep-alive' } },
])

scenario('V111 standing headers', { files }, [
  ...['/api/public/hello', '/api/nowhere', '/api/custom', '/healthz', '/api%2fx'].map((path): ScenarioRow => ({
    request: `GET ${path}`,
    status: { '/api/public/hello': 200, '/healthz': 200, '/api/custom': 401, '/api%2fx': 400 }[path] ?? 404,
    sends: {
      'x-request-id': /^[\w-]{6,}$/,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'content-security-policy': /default-src 'none'/,
      'cache-control': 'private, no-cache',
      'x-powered-by': null,
      server: null,
    },
  })),
  {
    name: "a client's request id is not taken over",
    request: 'GET /api/public/hello',
    headers: { 'x-request-id': 'forged\u00e9' },
    status: 200,
    never: /forged/,
  },
  {
    name: 'a handler may say how long it may be kept, but not how it travels',
    request: 'GET /api/public/said',
    status: 200,
    answer: 'said',
    sends: {
      'cache-control': 'public',
      'content-length': '4',
      'transfer-encoding': null,
      connection: 'keep-alive',
      'x-request-id': /^(?!mine)/,
    },
  },
  {
    name: 'the id of a problem is the one in the header',
    request: 'GET /api/nowhere',
    status: 404,
    also: (_site, { headers, body }) => {
      assert.partialDeepStrictEqual(body, { instance: `urn:postern:request:${String(headers['x-request-id'])}` })
    },
  },
])
