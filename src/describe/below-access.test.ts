import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow } from '../rules/allow.ts'
import { belowAccess, openedBelow, rolesBelow } from './below-access.ts'

const callers = ['anonymous', 'token', 'user', 'role chief', 'role clerk', 'owner']
const roles = { chief: ['clerk'] }
const room = {
  name: 'room',
  below: { read: allow.any(allow.listed('readers'), allow.role('clerk')), update: allow.owner() },
}
const notice = { name: 'notice', below: { read: allow.published() } }
const shelf = { name: 'shelf' }

describe('who is let through to what lies below sections', () => {
  test('is told for each type and right that has a rule, and for no other', () => {
    assert.deepEqual(belowAccess([room, shelf, notice], roles, callers), [
      { type: 'notice', right: 'read', access: ['maybe', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe'] },
      { type: 'room', right: 'read', access: ['no', 'no', 'maybe', 'yes', 'yes', 'maybe'] },
      { type: 'room', right: 'update', access: ['no', 'no', 'no', 'no', 'no', 'yes'] },
    ])
    assert.deepEqual(rolesBelow([room, shelf, notice]), ['clerk'])
  })

  test('is more open where a rule asks less, and where it or its type is gone', () => {
    const before = { callers, below: belowAccess([room], roles, callers) }
    const now = (below: object) => ({ callers, below: belowAccess([{ name: 'room', below }], roles, callers) })
    assert.deepEqual(openedBelow(before, before), [])
    assert.deepEqual(openedBelow(before, now({ read: allow.role('chief'), update: allow.nobody })), [])
    assert.deepEqual(openedBelow(before, now({ read: allow.token, update: allow.owner() })), [
      'read below room: token no → yes',
      'read below room: user maybe → yes',
      'read below room: owner maybe → yes',
    ])
    const gone = openedBelow(before, { callers })
    assert.ok(gone.includes('read below room: anonymous no → yes') && gone.includes('update below room: user no → yes'))
    assert.deepEqual(openedBelow({ callers }, before), [], 'a new rule opens nothing')
  })
})
