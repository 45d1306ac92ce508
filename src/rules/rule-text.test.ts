import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import { allow } from './allow.ts'
import { explain } from './explain.ts'
import { ruleText } from './rule-text.ts'

const tom: Caller = { kind: 'user', id: 2, name: 'tom', code: 'T2', roles: ['member'], via: 'session' }
const owner = { type: 'members', by: 'code', param: 'code' }

describe('a rule in words', () => {
  const rows: [rule: Rule | undefined, text: string][] = [
    [undefined, 'nobody yet: not activated'],
    [allow.everyone, 'everyone'],
    [allow.token, 'any API token or signed-in user'],
    [allow.role('admin'), 'role admin'],
    [allow.role('admin', 'editor', 'clerk'), 'roles admin, editor or clerk'],
    [allow.users(3), 'user 3'],
    [allow.self({ param: 'id' }), 'the user whose id is :id'],
    [allow.any(allow.role('admin'), allow.owner(owner)), 'role admin, or the owner of the members whose code is :code'],
    [
      allow.all(allow.user, allow.any(allow.role('a'), allow.users(1, 2))),
      'any signed-in user and also (role a, or users 1 or 2)',
    ],
    [allow.owner(), 'its owner'],
    [allow.any(allow.all(allow.user, allow.role('a'))), 'any signed-in user and also role a'],
    [allow.any(allow.user, allow.any(allow.role('a'))), 'any signed-in user, or role a'],
    [allow.all(allow.user, allow.all(allow.role('a'))), 'any signed-in user and also role a'],
    [allow.any(), 'nobody'],
    [allow.all(), 'nobody'],
    [allow.where({ status: 'on' }), 'whoever asks, as long as status is "on"'],
    [allow.listed('readers'), 'whoever is named in its readers'],
    [allow.when('office hours'), 'whoever the site\'s function "office hours" lets pass'],
  ]
  for (const [rule, text] of rows) test(text, () => assert.equal(ruleText(rule), text))
})

describe('which parts of a rule match', () => {
  const facts = (ownerId: number | undefined) => ({
    caller: tom,
    params: { code: 'AAA' },
    ownerOf: async () => ownerId,
    decide: async (): Promise<boolean> => {
      throw new Error('broken')
    },
  })

  test('the owner passes by the part that says so, and only by it', async () => {
    const told = await explain(allow.any(allow.role('admin'), allow.owner(owner)), facts(2))
    assert.equal(told.passed, true)
    assert.deepEqual(
      told.parts.map((part) => part.passed),
      [false, true],
    )
  })

  test('a stranger passes by none', async () => {
    const told = await explain(allow.any(allow.role('admin'), allow.owner(owner)), facts(9))
    assert.deepEqual([told.passed, ...told.parts.map((part) => part.passed)], [false, false, false])
  })

  test('a rule of one part has no parts, a list says which kind it is', async () => {
    const shape = async (rule: Rule): Promise<unknown> => {
      const { kind, passed, parts } = await explain(rule, facts(2))
      return [kind, passed, parts.map((part) => [part.kind, part.text])]
    }
    const parts = [
      ['one', 'any signed-in user'],
      ['one', 'role admin'],
    ]
    assert.deepEqual(await shape(allow.user), ['one', true, []])
    assert.deepEqual(await shape(allow.role('admin')), ['one', false, []])
    assert.deepEqual(await shape(allow.any(allow.user, allow.role('admin'))), ['any', true, parts])
    assert.deepEqual(await shape(allow.all(allow.user, allow.role('admin'))), ['all', false, parts])
  })

  test('a function that throws is shown as not passed', async () => {
    assert.equal((await explain(allow.when('x'), facts(2))).passed, false)
  })
})
