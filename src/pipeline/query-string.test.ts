import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { parseQuery } from './query-string.ts'

describe('a query string', () => {
  const taken: readonly [string, Record<string, string>][] = [
    ['', {}],
    ['a=1&b=', { a: '1', b: '' }],
    ['a', { a: '' }],
    ['test=foo,bar,baz', { test: 'foo,bar,baz' }],
    ['a=b=c', { a: 'b=c' }],
    ['q=two+words%21', { q: 'two words!' }],
    ['filter[object_type]=x&filter%5Bprice%5D%5Bgte%5D=10', { 'filter[object_type]': 'x', 'filter[price][gte]': '10' }],
    ['toString=1&hasOwnProperty=2', { toString: '1', hasOwnProperty: '2' }],
  ]
  for (const [search, query] of taken) it(`takes ${search}`, () => assert.deepEqual({ ...parseQuery(search) }, query))

  const refused = [
    'a=1&a=2',
    'a=1&%61=2',
    '__proto__=1',
    '__proto__[x]=1',
    'a[__proto__]=1',
    'a[constructor][prototype]=1',
    'a.__proto__.b=1',
    'a[b][c][d][e]=1',
    '=1',
    'a=%ff',
    '%zz=1',
    'a=%00',
    `a=${'x'.repeat(9_000)}`,
    `${'x'.repeat(201)}=1`,
    Array.from({ length: 1_000 }, (_, index) => `n${index}=1`).join('&'),
  ]
  for (const search of refused) {
    it(`refuses ${search.slice(0, 40)}`, () =>
      assert.throws(
        () => parseQuery(search),
        (thrown) => thrown instanceof PosternError && thrown.code === 'BAD_QUERY',
      ))
  }

  it('never touches a prototype', () => {
    assert.equal(Object.getPrototypeOf(parseQuery('a=1')), null)
    assert.equal(({} as Record<string, unknown>)['a'], undefined)
  })
})
