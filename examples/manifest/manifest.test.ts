import assert from 'node:assert/strict'
import { scenario, type TestSite } from 'postern/testing'

/** AAA is Ann's, BBB is Bob's. */
const prepare = async (site: TestSite): Promise<void> => {
  for (const [name, code] of [
    ['ann', 'AAA'],
    ['bob', 'BBB'],
  ] as const) {
    const made = await site
      .as(name, ['member'])
      .request('POST', '/api/create/members', { body: { code, name: ` ${name} ` } })
    assert.equal(made.status, 201, made.text)
  }
}

scenario('endpoints from a manifest', { folder: import.meta.dirname, prepare }, [
  { request: 'GET /members/hello', status: 200, contains: /^hello$/ },
  { request: 'GET /members/account/AAA', as: 'role:admin', status: 200, answer: { code: 'AAA', name: 'ann' } },
  { request: 'GET /members/account/AAA', as: 'ann', status: 200, answer: { code: 'AAA', name: 'ann' } },
  { request: 'GET /members/account/AAA', as: 'bob', status: 403, never: /ann/ },
  { request: 'GET /members/account/AAA', status: 401, never: /ann/ },
  { request: 'GET /members/account/ZZZ', as: 'role:admin', status: 400, contains: /Invalid member code/ },
  { request: 'GET /members/account/ZZZ', as: 'bob', status: 403 },
  { request: 'GET /members/account', as: 'role:admin', status: 400 },
  { request: 'GET /members/account', as: 'ann', status: 403 },
  { request: 'POST /members/account/AAA', as: 'role:admin', status: 405 },
  { request: 'GET /members/_tidy', as: 'role:admin', status: 404 },
  { request: 'GET /api/get/members', as: 'ann', status: 403 },
  { request: 'GET /api/get/members?code=BBB', as: 'role:admin', status: 200, contains: [{ code: 'BBB', name: 'bob' }] },
  { request: 'GET /api/get/members/1', as: 'role:admin', status: 200, contains: { code: 'AAA' } },
  { request: 'GET /api/get/members/99', as: 'role:admin', status: 404, contains: /Record not found/ },
  { request: 'POST /api/create/members', status: 401, body: { code: 'CCC' } },
  {
    request: 'POST /api/create/members',
    as: 'role:member',
    status: 201,
    body: { code: 'CCC', name: ' Cy ' },
    contains: { welcome: { code: 'CCC', name: 'Cy' } },
  },
  { request: 'DELETE /api/destroy/members', as: 'role:admin', status: 400, body: {} },
  { request: 'DELETE /api/destroy/members', as: 'role:admin', status: 200, body: { code: 'CCC' }, answer: 1 },
  {
    request: 'PUT /api/update/members/1',
    as: 'role:admin',
    status: 412,
    body: { name: 'x' },
    code: 'NOT_ACTIVATED',
    contains: /api\.json, line \d+/,
  },
  {
    request: 'GET /api/get/members?orderBy=code',
    as: 'role:admin',
    status: 200,
    contains: [{ code: 'AAA' }, { code: 'BBB' }],
  },
])
