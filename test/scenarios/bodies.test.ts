import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestSite, scenario, type ScenarioRow } from '../../src/testing/index.ts'

const files = {
  'api/public/echo.ts': 'export const POST = ({ body }) => ({ kind: typeof body, body: body ?? null })\n',
  'api/public/small.ts':
    "import { defineEndpoint } from 'postern'\nexport const POST = defineEndpoint({ bodyLimit: 10, handler: () => 'taken' })\n",
}
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const never = /node:internal|at \w+ \(|\.ts:\d/

function sent(name: string, body: unknown, row: Partial<ScenarioRow>): ScenarioRow {
  return { name, request: 'POST /api/public/echo', body, headers: json, status: 400, never, ...row }
}

function malformed(name: string, body: unknown, headers = json): ScenarioRow {
  return sent(name, body, { headers, code: 'BAD_BODY' })
}

function typed(type: string, row: Partial<ScenarioRow>): ScenarioRow {
  return sent(`Content-Type ${JSON.stringify(type.slice(0, 60))}`, '{"a":1}', {
    headers: { 'content-type': type },
    ...row,
  })
}

const taken = { status: 200, answer: { kind: 'object', body: { a: 1 } } }
const refused = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }

scenario('V93 media types: what is taken is parsed and checked, all else is 415', { files }, [
  ...[
    'application/json',
    'APPLICATION/JSON',
    'application/json ',
    ' application/json',
    'application/json; charset=utf-8',
  ].map((type) => typed(type, taken)),
  ...['application/json;charset="UTF-8"', 'application/json;a=b;c="d;e"', 'application/vnd.api+json'].map((type) =>
    typed(type, taken),
  ),
  ...[
    '',
    ' ',
    '*/*',
    'json',
    '/',
    'application',
    'application/',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/json5',
  ].map((type) => typed(type, refused)),
  ...[
    'application/ json',
    'application /json',
    'application/json\t; x=y',
    'application/json;',
    'application/json;;',
    'application/json,',
  ].map((type) => typed(type, refused)),
  ...[
    'application/json, text/plain',
    'text/plain, application/json',
    'text/plain; a=application/json',
    'application/json; charset=latin1',
  ].map((type) => typed(type, refused)),
  ...[
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'multipart/form-data; boundary=x',
    'application/xml',
  ].map((type) => typed(type, refused)),
  ...['constructor', '__proto__', 'toString/valueOf', 'application/__proto__', 'a'.repeat(5_000)].map((type) =>
    typed(type, refused),
  ),
  sent('no Content-Type at all', '{"a":1}', { headers: {}, ...refused }),
  sent('a compressed body is not unpacked', 'x', { headers: { ...json, 'content-encoding': 'gzip' }, ...refused }),
  sent('an empty body is none', '', { status: 200, answer: { kind: 'undefined', body: null } }),
])

scenario('V76 V104 JSON is taken whole or not at all', { files }, [
  sent('an object', '{"a":[1,{"b":null}]}', { status: 200, contains: { body: { a: [1, { b: null }] } } }),
  sent('a lone scalar', 'true', { status: 200, answer: { kind: 'boolean', body: true } }),
  ...[
    '{',
    '{"a":1',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    'nul',
    'NaN',
    'undefined',
    '+1',
    '01',
    '.5',
    '"\t"',
    '// x\n{}',
    '{"a":1}{"b":2}',
    '{"a":1}\0',
    '\u00a0{}',
  ].map((text) => malformed(`malformed: ${JSON.stringify(text)}`, text)),
  malformed('a name twice', '{"a":1,"a":2}'),
  malformed('a name twice, once escaped', '{"a":1,"\\u0061":2}'),
  malformed('a name twice, deep inside', '[{"x":{"a":1,"b":[],"a":2}}]'),
  malformed('__proto__', '{"__proto__":{"admin":true}}'),
  malformed('__proto__, escaped', '{"\\u005f_proto__":{"admin":true}}'),
  malformed('__proto__, deep inside', '{"a":[{"__proto__":1}]}'),
  malformed('constructor', '{"constructor":{"prototype":{"admin":true}}}'),
  malformed('nested 100,000 deep, never closed', '['.repeat(100_000)),
  malformed('nested 100,000 deep, closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  malformed('nested 100,000 deep, in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  malformed('not UTF-8', Buffer.from([0x22, 0xff, 0x22])),
  malformed('an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])),
  malformed('a surrogate as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  malformed('UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')),
])

scenario('forms', { files }, [
  sent('flat names', 'a=1&b=x+y%21', { headers: form, status: 200, contains: { body: { a: '1', b: 'x y!' } } }),
  ...[
    'a=1&a=2',
    '__proto__=1',
    'a%5b__proto__%5d=1',
    'constructor=1',
    'a=%ff',
    'a=%',
    'a=%00',
    '=1',
    'a[b][c][d][e]=1',
  ].map((text) => malformed(`malformed: ${text}`, text, form)),
  malformed('two thousand names', Array.from({ length: 2_000 }, (_, index) => `n${index}=1`).join('&'), form),
])

scenario('V100 the limit of a body is counted as it is read', { files }, [
  sent('just as long as allowed', `"${'x'.repeat(1_048_574)}"`, { status: 200, contains: { kind: 'string' } }),
  sent('one byte more', `"${'x'.repeat(1_048_575)}"`, { status: 413, code: 'BODY_TOO_LARGE' }),
  {
    name: "an endpoint's own limit",
    request: 'POST /api/public/small',
    headers: json,
    body: '"12345678"',
    status: 200,
    answer: 'taken',
  },
  {
    name: "one byte more than the endpoint's own",
    request: 'POST /api/public/small',
    headers: json,
    body: '"123456789"',
    status: 413,
    code: 'BODY_TOO_LARGE',
  },
  {
    name: 'in chunks, without an announced length',
    request: 'GET /healthz',
    status: 200,
    also: async (site) => {
      const chunks = `6\r\n"12345\r\n6\r\n67890"\r\n0\r\n\r\n`
      const answer = await site.raw(
        `POST /api/public/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
      )
      assert.match(answer, /^HTTP\/1\.1 413 /)
      assert.match(answer, /BODY_TOO_LARGE/)
    },
  },
  {
    name: 'a client that asks first is not told to go on',
    request: 'GET /healthz',
    status: 200,
    also: async (site) => {
      const head = `POST /api/public/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\n`
      const refused = await site.raw(`${head}Content-Length: 11\r\n\r\n`)
      assert.match(refused, /^HTTP\/1\.1 413 /, 'nor is anything else said before the refusal')
      const welcome = await site.raw(`${head}Content-Length: 4\r\n\r\ntrue`)
      assert.match(welcome, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
    },
  },
])

describe('V102 V103 bodies that are not what their headers say', () => {
  const head = 'POST /api/public/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  const rows: [what: string, bytes: string, status: 400 | 413, halfClose?: boolean][] = [
    ['shorter than announced, and the client gone quiet', `${head}Content-Length: 20\r\n\r\n{"a":1}`, 400, true],
    ['longer than announced', `${head}Content-Length: 2\r\n\r\n{}{"a":1}\r\n\r\n`, 400],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `, 400],
    ['two equal lengths', `${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ['a length below nothing', `${head}Content-Length: -1\r\n\r\n{}`, 400],
    ['a length that is no number', `${head}Content-Length: 2x\r\n\r\n{}`, 400],
    ['a length in hexadecimal', `${head}Content-Length: 0x2\r\n\r\n{}`, 400],
    ['a length beyond all numbers', `${head}Content-Length: 99999999999999999999999\r\n\r\n{}`, 400],
    ['a length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunks that are none', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, 400],
    ['a transfer encoding that nobody knows', `${head}Transfer-Encoding: identity\r\n\r\n{}`, 400],
    ['chunked twice', `${head}Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, 400],
    ['two content types', `${head}Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`, 400],
    ['more than anybody could hold', `${head}Content-Length: 9007199254740991\r\n\r\n{}`, 413],
  ]
  for (const [what, bytes, status, halfClose = false] of rows) {
    test(`${what}: ${status}, and the connection ends`, async () => {
      await using site = await openTestSite({ files })
      const answer = await site.raw(bytes, { halfClose })
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
      assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/)
      assert.match(answer, /\r\nconnection: close\r\n/i)
      assert.doesNotMatch(answer, /HTTP\/1\.1 200/, 'nothing of it may be taken for a request')
      assert.equal((await site.request('GET', '/healthz')).status, 200)
    })
  }

  test('a body that drips is given up on, others are answered meanwhile, and nothing is left behind', async () => {
    await using site = await openTestSite({ files, settings: { connections: { bodyPatience: 300 } } })
    const started = performance.now()
    const drips = Array.from({ length: 20 }, () =>
      site.raw(`${head}Content-Length: 1000\r\n\r\n{`, { patience: 8_000 }),
    )
    assert.equal((await site.request('POST', '/api/public/echo', { body: {} })).status, 200)
    for (const answer of await Promise.all(drips)) assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*REQUEST_TIMEOUT/)
    assert.ok(performance.now() - started < 5_000)
    assert.equal((await site.request('GET', '/healthz')).status, 200)
  })

  test('headers that drip are given up on', async () => {
    await using site = await openTestSite({ files, settings: { connections: { headersTimeout: 300 } } })
    const answer = await site.raw('GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ', { patience: 8_000 })
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*REQUEST_TIMEOUT/)
  })
})
