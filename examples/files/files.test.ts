import { scenario } from 'postern/testing'

scenario('endpoints from files', { folder: import.meta.dirname }, [
  { request: 'GET /api/custom?test=foo,bar,baz', as: 'ann', status: 200, contains: /^foo,bar,baz$/ },
  { request: 'GET /api/custom', as: 'ann', status: 404, code: 'NOT_FOUND' },
  { request: 'GET /api/custom?test=foo', status: 401, code: 'UNAUTHENTICATED', never: /foo/ },
  {
    request: 'GET /api/custom?test=none',
    name: 'a token in the query string is taken, and not told again',
    status: 401,
    also: async (site) => {
      const token = await site.token()
      const answer = await site.request('GET', `/api/custom?token=${token}&test=foo,bar,baz`)
      if (answer.status !== 200 || answer.text !== 'foo,bar,baz') throw new Error(answer.text)
    },
  },
  {
    request: 'GET /api/public/custom?test=foo',
    status: 200,
    contains: /^foo$/,
    sends: { 'content-type': /^text\/plain/ },
  },
  { request: 'GET /api/public/custom', status: 404 },
  { request: 'GET /api/hello', as: 'ann', status: 200, contains: /^Hello$/ },
  {
    request: 'POST /api/hello',
    as: 'ann',
    body: { name: 'Tom' },
    status: 201,
    answer: { hello: 'Tom' },
    sends: { location: '/api/hello' },
  },
  { request: 'POST /api/hello?name=Tom', as: 'ann', status: 201, answer: { hello: 'Tom' } },
  { request: 'PUT /api/hello', as: 'ann', status: 405, sends: { allow: /GET, POST/ } },
  { request: 'GET /api/hello.post', as: 'ann', status: 404 },
  { request: 'GET /api/items/AAA', as: 'ann', status: 200, answer: { code: 'AAA', title: 'A lamp' } },
  { request: 'GET /api/items/ZZZ', as: 'ann', status: 404 },
  { request: 'GET /api/docs/guide/first/page', as: 'ann', status: 200, answer: { page: ['guide', 'first', 'page'] } },
  { request: 'GET /api/docs/..%2f..%2fpostern.config.ts', as: 'ann', status: 400, code: 'BAD_PATH' },
  { request: 'POST /api/notes', status: 401, body: { text: 'first' } },
  { request: 'POST /api/notes', as: 'ann', status: 403, body: { text: 'first' } },
  { request: 'POST /api/notes', as: 'role:writer', status: 422, body: { text: '' }, code: 'INVALID' },
  { request: 'GET /api/notes', status: 200, answer: [], name: 'nothing was written so far' },
  {
    request: 'POST /api/notes',
    as: 'role:writer',
    status: 201,
    body: { text: 'first' },
    answer: { id: 1, text: 'first' },
  },
  { request: 'GET /api/notes?limit=5', status: 200, answer: [{ id: 1, text: 'first' }] },
  { request: 'GET /api/notes?limt=5', status: 400, code: 'UNKNOWN_QUERY', contains: /limit/ },
  { request: 'GET /api/notes?limit=none', status: 400, code: 'BAD_QUERY_VALUE' },
  { request: 'GET /api/notes/_store', as: 'ann', status: 404 },
])
