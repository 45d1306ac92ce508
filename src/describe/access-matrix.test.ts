import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow } from '../rules/allow.ts'
import type { Rule } from '../endpoint/rule.ts'
import { accessMatrix, openedUp } from './access-matrix.ts'
import { endpoint } from '../../test/fixtures/endpoint-record.ts'

const owner = { type: 'members', by: 'code', param: 'code' }

describe('the access matrix', () => {
  //                                                            anonymous token user  admin owner
  const rows: [rule: Rule | undefined, access: string[]][] = [
    [undefined, ['no', 'no', 'no', 'no', 'no']],
    [allow.everyone, ['yes', 'yes', 'yes', 'yes', 'yes']],
    [allow.nobody, ['no', 'no', 'no', 'no', 'no']],
    [allow.token, ['no', 'yes', 'yes', 'yes', 'yes']],
    [allow.user, ['no', 'no', 'yes', 'yes', 'yes']],
    [allow.role('admin'), ['no', 'no', 'no', 'yes', 'no']],
    [allow.owner(owner), ['no', 'no', 'no', 'no', 'yes']],
    [allow.any(allow.role('admin'), allow.owner(owner)), ['no', 'no', 'no', 'yes', 'yes']],
    [allow.all(allow.role('admin'), allow.owner(owner)), ['no', 'no', 'no', 'no', 'no']],
    [allow.when('noon'), ['maybe', 'maybe', 'maybe', 'maybe', 'maybe']],
    [allow.all(allow.user, allow.when('noon')), ['no', 'no', 'maybe', 'maybe', 'maybe']],
    [allow.all(), ['no', 'no', 'no', 'no', 'no']],
    // Rules on rows say nothing about an endpoint: the road denies them, and so does the table.
    [allow.published(), ['no', 'no', 'no', 'no', 'no']],
    [allow.listed('readers'), ['no', 'no', 'no', 'no', 'no']],
  ]
  for (const [rule, access] of rows) {
    test(JSON.stringify(rule) ?? 'no rule', () => {
      const matrix = accessMatrix([endpoint({ rule })], { admin: [] })
      assert.deepEqual(matrix.callers, ['anonymous', 'token', 'user', 'role admin', 'owner'])
      assert.deepEqual(matrix.rows[0]?.access, access)
    })
  }

  test('has a row for each verb, sorted by path', () => {
    const matrix = accessMatrix([endpoint({ path: '/b', methods: ['POST', 'GET'] }), endpoint({ path: '/a' })])
    assert.deepEqual(
      matrix.rows.map((row) => `${row.method} ${row.path}`),
      ['GET /a', 'GET /b', 'POST /b'],
    )
  })

  test('counts what a role inherits, and not the other way round', () => {
    const matrix = accessMatrix([endpoint({ rule: allow.role('member') })], {
      member: [],
      editor: ['member'],
      cook: [],
    })
    assert.deepEqual(matrix.callers.slice(3, 6), ['role cook', 'role editor', 'role member'])
    assert.deepEqual(matrix.rows[0]?.access.slice(3, 6), ['no', 'yes', 'yes'])
  })

  test('knows the roles that only a rule names', () => {
    assert.ok(accessMatrix([endpoint({ rule: allow.role('clerk') })]).callers.includes('role clerk'))
  })
})

describe('what became more open', () => {
  const matrixOf = (rule: Rule | undefined) => accessMatrix([endpoint({ path: '/a', rule })])

  test('says who gained, and only who gained', () => {
    assert.deepEqual(openedUp(matrixOf(allow.user), matrixOf(allow.token)), ['GET /a: token no → yes'])
  })

  test('is nothing when doors close', () => {
    assert.deepEqual(openedUp(matrixOf(allow.everyone), matrixOf(allow.role('admin'))), [])
  })

  test('counts a new endpoint as closed before', () => {
    const none = accessMatrix([])
    assert.equal(openedUp(none, matrixOf(allow.everyone)).length, 4)
    assert.deepEqual(openedUp(none, matrixOf(undefined)), [])
  })
})
