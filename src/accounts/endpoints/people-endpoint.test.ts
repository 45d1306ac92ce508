import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anonymous, type Caller } from '../../endpoint/caller.ts'
import { idParam, isAdmin, personOf, userIdOf } from './people-endpoint.ts'

const token: Caller = { kind: 'token', tokenId: 1, name: 'bar' }
const user = { kind: 'user', id: 7, name: 'tom', code: 'TOM', roles: ['member'] } as const
const person: Caller = { ...user, via: 'session', sessionId: 3 }
const acting: Caller = { ...user, via: 'token', tokenId: 1 }

describe('whom a call is from', () => {
  it('is a user or it is refused, whatever the rule before it said', () => {
    assert.deepEqual([userIdOf({ caller: person }), userIdOf({ caller: acting })], [7, 7])
    for (const caller of [anonymous, token]) assert.throws(() => userIdOf({ caller }), { code: 'FORBIDDEN' })
  })

  it('is a person only by a session of their own', () => {
    assert.deepEqual(personOf({ caller: person }), { id: 7, session: 3 })
    for (const caller of [anonymous, token, acting])
      assert.throws(() => personOf({ caller }), { code: 'NEEDS_SESSION' }, caller.kind)
  })

  it('is an administrator by role alone', () => {
    const admin: Caller = { ...user, roles: ['member', 'admin'], via: 'session' }
    assert.deepEqual(
      [admin, person, token, anonymous].map((caller) => isAdmin({ caller })),
      [true, false, false, false],
    )
  })
})

describe('the number in a path', () => {
  const id = (text: unknown): number => idParam({ params: { id: text } })
  it('is a whole one above zero, written as such', () => {
    assert.deepEqual([id('1'), id('42'), id('999999999999999')], [1, 42, 999_999_999_999_999])
    for (const odd of ['0', '-1', '01', '1.5', '1e3', ' 1', '1 ', '0x1', 'x', '', '9999999999999999', 1, undefined])
      assert.throws(() => id(odd), { code: 'NOT_FOUND' }, String(odd))
  })
})
