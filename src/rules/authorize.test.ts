import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endpoint } from '../../test/fixtures/endpoint-record.ts'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import { PosternError } from '../errors/postern-error.ts'
import { allow } from './allow.ts'
import { authorize } from './authorize.ts'

const token: Caller = { kind: 'token', tokenId: 1, name: 'bar' }
const tom: Caller = { kind: 'user', id: 7, name: 'tom', code: 'TOM', roles: ['member'], via: 'session' }

describe('who may go on', () => {
  const table: readonly [string, Rule | undefined, Caller, 'in scope' | 'out of scope', string][] = [
    ['a caller the rule lets pass', allow.user, tom, 'in scope', 'passed'],
    ['a caller it does not', allow.role('admin'), tom, 'in scope', 'FORBIDDEN'],
    ['nobody known', allow.user, anonymous, 'in scope', 'UNAUTHENTICATED'],
    ['a token out of its scope, whatever the rule', allow.everyone, token, 'out of scope', 'OUT_OF_SCOPE'],
    ['a user whose token is out of its scope', allow.user, tom, 'out of scope', 'OUT_OF_SCOPE'],
    ['nobody known, who has no scope to be out of', allow.everyone, anonymous, 'out of scope', 'passed'],
    ['a caller that a slow rule lets pass', allow.when('yes'), tom, 'in scope', 'passed'],
    ['a caller that it does not', allow.when('no'), tom, 'in scope', 'FORBIDDEN'],
    ['nobody known, by a slow rule', allow.when('no'), anonymous, 'in scope', 'UNAUTHENTICATED'],
    ['anybody, without a rule', undefined, tom, 'in scope', 'NOT_ACTIVATED'],
    ['a token out of scope, without a rule', undefined, token, 'out of scope', 'NOT_ACTIVATED'],
  ]
  for (const [name, rule, caller, scope, verdict] of table)
    it(`${name}: ${verdict}`, async () => assert.equal((await ask(rule, caller, scope)).code, verdict))

  it('says what activates an endpoint where its source knows', async () => {
    const what = 'Endpoint not activated since no authorization rules have been declared.'
    assert.equal((await ask(undefined, tom, 'in scope')).detail, what)
    const told = await ask(undefined, tom, 'in scope', { activation: 'Add "authorization".' })
    assert.equal(told.detail, `${what} Add "authorization".`)
  })
})

async function ask(
  rule: Rule | undefined,
  caller: Caller,
  ...[scope, more]: [scope: string, more?: { activation: string }]
): Promise<{ readonly code: string; readonly detail?: string | undefined }> {
  const asked = endpoint({ id: 'x', path: '/x', rule, ...more })
  try {
    await authorize(asked, {
      caller,
      params: {},
      ownerOf: async () => undefined,
      decide: async (name) => name === 'yes',
      inScope: () => scope === 'in scope',
    })
    return { code: 'passed' }
  } catch (thrown) {
    assert.ok(thrown instanceof PosternError)
    return { code: thrown.code, detail: thrown.message }
  }
}
