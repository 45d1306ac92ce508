import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCredential } from './credential.ts'

const settings = { header: 'x-api-token', query: true, cookie: 'postern' }

interface Parts {
  readonly auth?: string
  readonly header?: string
  readonly search?: string
  readonly cookie?: string
}

describe('the credential of a request', () => {
  const table: readonly [what: string, parts: Parts, from: string | undefined, secret?: string][] = [
    ['nothing', {}, undefined],
    ['a bearer token', { auth: 'Bearer a' }, 'bearer', 'a'],
    ['the token header', { header: 'b' }, 'header', 'b'],
    ['?token=', { search: 'x=1&token=c' }, 'query', 'c'],
    ['?access_token=', { search: 'access_token=c' }, 'query', 'c'],
    ['?token= in percent signs', { search: '%74oken=c' }, 'query', 'c'],
    ['the cookie', { cookie: 'x=1; postern=d' }, 'cookie', 'd'],
    ['another cookie', { cookie: 'xpostern=d' }, undefined],
    ['bearer before all', { auth: 'Bearer a', header: 'b', search: 'token=c', cookie: 'postern=d' }, 'bearer', 'a'],
    ['header before query', { header: 'b', search: 'token=c', cookie: 'postern=d' }, 'header', 'b'],
    ['query before cookie', { search: 'token=c', cookie: 'postern=d' }, 'query', 'c'],
    ['an empty header, which decides all the same', { header: '', search: 'token=c' }, 'header', ''],
    ['an empty query token, which decides all the same', { search: 'token=', cookie: 'postern=d' }, 'query', ''],
    ['a name that only ends in token', { search: 'mytoken=c' }, undefined],
  ]
  for (const [what, parts, from, secret] of table) {
    it(`is read from ${what}`, () => {
      const read = readCredential(source(parts), settings)
      assert.deepEqual(read, from === undefined ? undefined : { from, secret })
    })
  }

  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    'bearer a',
    'BEARER a',
    'Basic YTpi',
    'Token a',
    'Bearera',
    'XBearer a',
    'Bearer a b',
    'Bearer a, Bearer b',
    'a',
  ]
  for (const auth of wrong) {
    it(`V46 is never read from Authorization: ${JSON.stringify(auth)}, nor from anything after it`, () => {
      const parts = { auth, header: 'b', search: 'token=c', cookie: 'postern=d' }
      assert.throws(() => readCredential(source(parts), settings), { code: 'BAD_CREDENTIAL', status: 401 })
    })
  }

  it('V46 is refused where Authorization is sent twice', () => {
    const twice = {
      ...source({ auth: 'Bearer a' }),
      rawHeaders: ['Authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer b'],
    }
    assert.throws(() => readCredential(twice, settings), { code: 'BAD_CREDENTIAL_MIX', status: 400 })
  })

  it('is told apart from other headers as long as it, and from values that say its name', () => {
    const others = ['X-Longer-Name', 'authorization', 'Authorization', 'Bearer a', 'x', 'Authorization']
    assert.deepEqual(readCredential({ ...source({ auth: 'Bearer a' }), rawHeaders: others }, settings), {
      from: 'bearer',
      secret: 'a',
    })
  })

  it('is found in a cookie that came in several headers', () => {
    const headers = { cookie: ['x=1', 'postern=d'] }
    assert.deepEqual(readCredential({ ...source({}), headers }, settings), { from: 'cookie', secret: 'd' })
  })

  it('is refused where a header of it came as a list', () => {
    const headers = { 'x-api-token': ['a', 'b'] }
    assert.throws(() => readCredential({ ...source({}), headers }, settings), { code: 'BAD_CREDENTIAL_MIX' })
  })

  it('is refused where the query holds two', () => {
    for (const search of ['token=a&token=a', 'token=a&access_token=b', 'token=a&%74oken=b']) {
      assert.throws(() => readCredential(source({ search }), settings), { code: 'BAD_CREDENTIAL_MIX' })
    }
  })

  it('is not in the query where the site has switched that off', () => {
    const off = { ...settings, query: false }
    assert.equal(readCredential(source({ search: 'token=c' }), off), undefined)
    assert.deepEqual(readCredential(source({ search: 'token=c', cookie: 'postern=d' }), off), {
      from: 'cookie',
      secret: 'd',
    })
  })
})

function source({ auth, header, search = '', cookie }: Parts) {
  const headers: Record<string, string> = {}
  if (auth !== undefined) headers['authorization'] = auth
  if (header !== undefined) headers['x-api-token'] = header
  if (cookie !== undefined) headers['cookie'] = cookie
  return { headers, rawHeaders: Object.entries(headers).flat(), search }
}
