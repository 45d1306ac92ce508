import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileReach, compileScopes, scopeText } from './scope.ts'

describe('a scope', () => {
  const table: readonly [scope: string, method: string, path: string, covered: boolean][] = [
    ['GET /api/custom', 'GET', '/api/custom', true],
    ['GET /api/custom', 'HEAD', '/api/custom', true],
    ['GET /api/custom', 'POST', '/api/custom', false],
    ['GET /api/custom', 'GET', '/api/customers', false],
    ['GET /api/custom', 'GET', '/api/custom/', false],
    ['GET /api/custom', 'GET', '/api/custom/1', false],
    ['GET /api/custom', 'GET', '/x/api/custom', false],
    ['GET /api/custom', 'GET', '/api/Custom', false],
    ['GET /api/custom', 'GET', '/apixcustom', false],
    ['GET /api/custom', 'GET', 'xapi/custom', false],
    ['/api/things/*', 'DELETE', '/api/things/1', true],
    ['/api/things/*', 'GET', '/api/things', false],
    ['/api/things/*', 'GET', '/api/things/', false],
    ['/api/things/*', 'GET', '/api/things/1/children', false],
    ['/api/things/*', 'GET', '/api/things/..', false],
    ['/api/things/*/children', 'GET', '/api/things/1/children', true],
    ['/api/things/*/children', 'GET', '/api/things/1/parents', false],
    ['/api/things/:id', 'GET', '/api/things/1', true],
    ['/api/docs/**', 'GET', '/api/docs/a/b', true],
    ['/api/docs/**', 'GET', '/api/docs', false],
    ['/api/docs/**', 'GET', '/api/docs/a', true],
    ['/api/docs/**', 'GET', '/api/docs/a/../b', false],
    ['/api/docs/**', 'GET', '/api/docs//b', false],
    ['/api/docs/*rest', 'GET', '/api/docs/a/b', true],
    ['get,post /api/x', 'POST', '/api/x', true],
    ['get,post /api/x', 'PUT', '/api/x', false],
    ['* /api/x', 'PUT', '/api/x', true],
    ['read', 'GET', '/anything/at/all', true],
    ['read', 'HEAD', '/anything', true],
    ['read', 'POST', '/anything', false],
    ['read', 'DELETE', '/anything', false],
    ['read', 'OPTIONS', '/anything', false],
    ['read', 'get', '/anything', false],
  ]
  for (const [scope, method, path, covered] of table) {
    it(`${scope} ${covered ? 'covers' : 'does not cover'} ${method} ${path}`, () => {
      assert.equal(compileScopes([scope])(method, path), covered)
    })
  }

  it('is one of several, and an empty list covers nothing', () => {
    const scopes = compileScopes(['GET /a', '/b/*'])
    assert.deepEqual([scopes('GET', '/a'), scopes('PUT', '/b/1'), scopes('PUT', '/a')], [true, true, false])
    assert.equal(compileScopes([])('GET', '/a'), false)
    assert.equal(compileScopes(undefined)('PUT', '/a'), true)
  })

  const broken = [
    '',
    ' ',
    '*',
    'GET',
    'FETCH /a',
    'GET a',
    'GET /a b',
    'GET /a*',
    'GET /a/b*',
    'GET /*/b*',
    'GET /**/b',
    'GET /a?b=1',
    'GET /a%2fb',
    'GET,  /a',
    'GET /a;b',
  ]
  for (const text of broken) {
    it(`is not ${JSON.stringify(text)}`, () => assert.throws(() => scopeText(text), { code: 'INVALID' }))
  }

  it('has one spelling, which means the same', () => {
    assert.equal(scopeText(' get,post  /api/things/:id '), 'GET,POST /api/things/*')
    assert.equal(scopeText('* /api/docs/*rest'), '/api/docs/**')
    assert.equal(scopeText('read'), 'read')
  })
})

describe('what a scope may reach of an endpoint', () => {
  const table: readonly [scope: string, path: string, reached: boolean][] = [
    ['GET /api/custom', '/api/custom', true],
    ['GET /api/custom', '/api/customers', false],
    ['GET /api/custom', '/api/:any', true],
    ['POST /api/custom', '/api/custom', false],
    ['/api/things/7', '/api/things/:id', true],
    ['/api/things/7', '/api/things/:id/parts', false],
    ['/api/things/*', '/api/things', false],
    ['/api/things/**', '/api/things/:id/parts', true],
    ['/api/things/7/parts', '/api/things/*rest', true],
    ['/api/other/**', '/api/things/*rest', false],
    ['read', '/anything/at;all', true],
  ]
  for (const [scope, path, reached] of table) {
    it(`${scope} ${reached ? 'reaches' : 'does not reach'} GET ${path}`, () => {
      assert.equal(compileReach([scope])({ methods: ['GET'], path }), reached)
    })
  }

  it('is nothing without scopes in the list, and the most that any of several reach', () => {
    const endpoint = { methods: ['GET', 'POST'], path: '/api/custom' } as const
    assert.equal(compileReach([])(endpoint), false)
    assert.equal(compileReach(['/api/x', 'POST /api/custom'])(endpoint), true)
  })
})
