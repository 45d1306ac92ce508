import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRoles } from './roles.ts'

describe('roles', () => {
  it('unfold into what they inherit, however far', () => {
    const roles = createRoles({ member: [], editor: ['member'], chief: ['editor'], admin: ['chief'] })
    assert.deepEqual(roles.unfold(['chief']), ['chief', 'editor', 'member'])
    assert.deepEqual(roles.unfold(['admin', 'member']), ['admin', 'chief', 'editor', 'member'])
    assert.deepEqual(roles.unfold(['member']), ['member'])
    assert.deepEqual(roles.unfold([]), [])
  })

  it('give nothing once the site has dropped them, and cannot be given', () => {
    const roles = createRoles({ member: [] })
    assert.deepEqual(roles.unfold(['boss', 'member']), ['member'])
    const errors = [{ path: 'roles', message: 'one of: admin, member' }]
    assert.throws(() => roles.refuseUnknown(['member', 'boss']), { code: 'INVALID', errors })
    roles.refuseUnknown(['member', 'admin'])
  })

  it('may have any well-formed name where the site declares none', () => {
    const roles = createRoles(undefined)
    roles.refuseUnknown(['member', 'x-1'])
    assert.deepEqual(roles.unfold(['member']), ['member'])
    for (const name of ['', 'A', 'role:x', '__proto__', 'a b', '1']) {
      const errors = [{ path: 'roles', message: 'not a name for a role' }]
      assert.throws(() => roles.refuseUnknown([name]), { code: 'INVALID', errors })
    }
  })

  it('that inherit in a circle or from nobody stop the start', () => {
    assert.throws(() => createRoles({ a: ['b'], b: ['c'], c: ['a'] }), {
      code: 'BAD_SETTING',
      message: /a → b → c → a/,
    })
    assert.throws(() => createRoles({ a: ['b'] }), { code: 'BAD_SETTING', message: /a → b/ })
    assert.throws(() => createRoles({ 'Not a name': [] }), { code: 'BAD_SETTING' })
  })

  it('are not found on the prototype', () => {
    assert.deepEqual(createRoles({ member: [] }).unfold(['constructor', 'toString']), [])
  })
})
