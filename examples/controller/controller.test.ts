import assert from 'node:assert/strict'
import { scenario, type TestSite } from 'postern/testing'

const prepare = async (site: TestSite): Promise<void> => {
  const body = { object_type: 'document', title: 'First', slug: 'first' }
  const made = await site.asRole('editor').request('POST', '/api/objects', { body })
  assert.equal(made.status, 201, made.text)
}

scenario('endpoints from a controller', { folder: import.meta.dirname, prepare }, [
  {
    request: 'GET /api/friends',
    status: 200,
    also: (site, answer) => {
      const url = `${site.url}/api/friends`
      assert.equal(answer.text, `{"api":"friends","data":["Tom","Jerry"],"method":"get","params":[],"url":"${url}"}`)
    },
  },
  { request: 'PUT /api/friends', status: 200, contains: { data: ['Tom', 'Jerry'], method: 'put' } },
  {
    request: 'GET /api/friends?city=Rome&page=1&age=30',
    status: 200,
    contains: { params: { city: 'Rome', page: '1', age: '30' } },
  },
  { request: 'GET /api/friends?pagesize=3', status: 400, code: 'UNKNOWN_QUERY', contains: /page_size/ },
  { request: 'POST /api/friends?city=Rome', status: 400, code: 'UNKNOWN_QUERY' },
  { request: 'GET /api/friends/Tom', status: 400, code: 'TOO_MANY_SEGMENTS' },
  { request: 'GET /api/greetings', status: 200, contains: { data: 'Hello you' } },
  { request: 'GET /api/greetings/Tom', status: 200, contains: { data: 'Hello Tom' } },
  { request: 'GET /api/greetings/Tom/Jerry', status: 400, code: 'TOO_MANY_SEGMENTS' },
  { request: 'POST /api/greetings/Tom/Jerry/Spike', status: 200, contains: { data: { greeted: 3 } } },
  { request: 'DELETE /api/greetings', status: 204, contains: /^$/ },
  { request: 'PUT /api/greetings', status: 405, sends: { allow: 'DELETE, GET, POST, HEAD, OPTIONS' } },
  { request: 'GET /api/greetings?loud=1', status: 400 },
  { request: 'POST /api/learn', status: 200 },
  { request: 'GET /api/greetings?loud=1', name: 'what was registered at run time is allowed', status: 200 },
  { request: 'GET /api/diary', status: 401 },
  { request: 'GET /api/diary/1', as: 'ann', status: 403 },
  {
    request: 'GET /api/diary/1/monday',
    as: 'role:admin',
    status: 200,
    contains: { data: { userId: '1', day: 'monday' } },
  },
  { request: 'POST /api/auth', status: 405, body: { username: 'ann', password: 'secret' } },
  { request: 'GET /api', status: 200, contains: /"friends":"http[^"]*\/api\/friends"/, never: /"auth"/ },
  { request: 'GET /api/documents', status: 200, contains: { api: 'documents' } },
  { request: 'POST /api/documents', as: 'role:editor', status: 405, body: { title: 'Second' } },
  { request: 'GET /api/objects/1/foo_bar', status: 200, contains: { api: 'objects', data: { objectId: 1 } } },
  { request: 'GET /api/objects/first/foo_bar/v', status: 200, contains: { data: { objectId: 1, fooVal: 'v' } } },
  { request: 'GET /api/objects/1/foo_bar/v/w', status: 400, code: 'TOO_MANY_SEGMENTS' },
  { request: 'GET /api/objects/99/foo_bar', status: 404 },
  { request: 'POST /api/objects/1/foo_bar', as: 'role:editor', status: 405, body: {} },
  {
    request: 'GET /api/objects/1/relations',
    status: 405,
    name: 'a sub-path that the class does not list is not offered',
  },
])
