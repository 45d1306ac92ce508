import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endpoint } from '../../test/fixtures/endpoint-record.ts'
import { field, type Field } from '../content/field.ts'
import { anonymous } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import { allow } from '../rules/allow.ts'
import { parseRule } from '../rules/parse.ts'
import { accessMatrix } from './access-matrix.ts'
import { fieldAccess, openedFields, rolesOfFields, type KnownFields } from './field-access.ts'
import { withoutClosedFields } from './field-rules-in-schemas.ts'
import { rowOutlook } from './outlook.ts'

const roles = { chief: ['clerk'], clerk: [] }
const typesOf = (one: Field | undefined) => [{ name: 'staff', fields: one === undefined ? {} : { wage: one } }]
const callers = ['anonymous', 'token', 'user', 'role chief', 'role clerk', 'owner']

function lockOf(one: Field): KnownFields {
  return { callers, fields: fieldAccess(typesOf(one), roles, callers) }
}

describe('who may read or write a field, in the matrix', () => {
  //                                          anonymous token user  chief clerk owner
  const rows: readonly [rule: Rule, access: string[]][] = [
    [allow.everyone, ['yes', 'yes', 'yes', 'yes', 'yes', 'yes']],
    [allow.token, ['no', 'yes', 'yes', 'yes', 'yes', 'yes']],
    [allow.user, ['no', 'no', 'yes', 'yes', 'yes', 'yes']],
    [allow.role('clerk'), ['no', 'no', 'no', 'yes', 'yes', 'no']],
    [allow.users(3), ['no', 'no', 'no', 'no', 'no', 'no']],
    [allow.owner(), ['no', 'no', 'no', 'no', 'no', 'yes']],
    [allow.listed('readers'), ['no', 'no', 'maybe', 'maybe', 'maybe', 'maybe']],
    [allow.where({ open: true }), ['maybe', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe']],
    [allow.published(), ['maybe', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe']],
    [allow.when('noon'), ['maybe', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe']],
    [allow.all(allow.role('clerk'), allow.owner()), ['no', 'no', 'no', 'no', 'no', 'no']],
    [allow.any(allow.role('chief'), allow.owner()), ['no', 'no', 'no', 'yes', 'no', 'yes']],
    [allow.nobody, ['no', 'no', 'no', 'no', 'no', 'no']],
  ]
  for (const [rule, access] of rows)
    test(`${JSON.stringify(rule)}, and the same after a way through JSON`, () => {
      const kept = parseRule(JSON.parse(JSON.stringify(rule)))
      for (const right of ['read', 'write'] as const)
        assert.deepEqual(fieldAccess(typesOf(field.text({ [right]: kept })), roles, callers), [
          { type: 'staff', field: 'wage', right, access },
        ])
    })

  test('a private field is read by nobody, one without a rule has no row, and roles of rules are columns', () => {
    const [row] = fieldAccess(typesOf(field.text({ private: true })), roles, callers)
    assert.deepEqual([row?.right, row?.access.includes('yes')], ['read', false])
    assert.deepEqual(fieldAccess(typesOf(field.text()), roles, callers), [])
    const named = rolesOfFields(typesOf(field.text({ read: allow.role('cook'), write: allow.role('boss') })))
    assert.deepEqual(named, ['cook', 'boss'])
    assert.ok(accessMatrix([endpoint({})], roles, named).callers.includes('role cook'))
    assert.equal(
      rowOutlook(allow.owner(), { kind: 'user', id: 1, name: '', code: '', roles: [], via: 'session' }),
      'maybe',
    )
  })

  const chief = field.text({ read: allow.role('chief') })
  const changes: readonly (readonly [what: string, before: Field, after: Field | undefined, opened: string[]])[] = [
    ['the same', chief, chief, []],
    ['a narrower rule', field.text({ read: allow.user }), chief, []],
    ['a field that is gone', chief, undefined, []],
    ['a field that became private', chief, field.text({ private: true }), []],
    ['a wider rule', chief, field.text({ read: allow.role('clerk') }), ['read staff.wage: role clerk no → yes']],
    [
      'a role that is new',
      chief,
      field.text({ read: allow.role('chief', 'cook') }),
      ['read staff.wage: role cook no → yes'],
    ],
    [
      'no rule any more',
      field.text({ write: allow.user }),
      field.text(),
      ['write staff.wage: anonymous no → yes', 'write staff.wage: token no → yes'],
    ],
    [
      "a private field that is some people's now",
      field.text({ private: true }),
      chief,
      ['read staff.wage: role chief no → yes'],
    ],
  ]
  for (const [what, before, after, opened] of changes)
    test(`${what}: ${opened.length === 0 ? 'nothing became more open' : opened.join(', ')}`, () => {
      const now = { callers: [...callers, 'role cook'], types: typesOf(after), roles }
      assert.deepEqual(openedFields(lockOf(before), now), opened)
    })
})

describe('what a schema tells a caller of fields with rules', () => {
  const properties = {
    name: { type: 'string' },
    wage: { type: 'integer', 'x-postern-read': allow.role('chief'), 'x-postern-write': allow.nobody },
    diary: { type: 'string', 'x-postern-read': allow.owner() },
  }
  const one = { type: 'object', properties }
  const marked = endpoint({
    schemas: { response: { type: 'array', items: one }, body: { anyOf: [one, { type: 'null' }] } },
  })
  const chief = { kind: 'user', id: 1, name: '', code: '', roles: ['chief'], via: 'session' } as const

  test('leaves out what they can never have, and every trace of the rules', () => {
    const told = withoutClosedFields(marked, anonymous)
    assert.deepEqual(told.schemas, {
      response: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      body: { anyOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { type: 'null' }] },
    })
    const known = withoutClosedFields(marked, chief).schemas
    const names = { name: { type: 'string' }, wage: { type: 'integer' }, diary: { type: 'string' } }
    const { wage: _wage, ...written } = names
    assert.deepEqual(known, {
      response: { type: 'array', items: { type: 'object', properties: names } },
      body: { anyOf: [{ type: 'object', properties: written }, { type: 'null' }] },
    })
  })

  test('is one record for all to whom the same is told, and the record itself where there is nothing to leave out', () => {
    assert.equal(
      withoutClosedFields(marked, anonymous),
      withoutClosedFields(marked, { kind: 'token', tokenId: 1, name: '' }),
    )
    assert.notEqual(withoutClosedFields(marked, anonymous), withoutClosedFields(marked, chief))
    const plain = endpoint({ schemas: { response: { type: 'string' } } })
    assert.equal(withoutClosedFields(plain, anonymous), plain)
  })
})
