import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import type { Condition } from '../schema/condition.ts'
import { gatherWhenFunctions } from '../registry/gather-when-functions.ts'
import { allow } from './allow.ts'
import { check } from './check.ts'
import { parseRule, RuleError } from './parse.ts'
import { toCondition } from './to-condition.ts'
import { verifyRowRule, verifyRule } from './verify.ts'

const token: Caller = { kind: 'token', tokenId: 1, name: 'bar' }
const tom: Caller = { kind: 'user', id: 7, name: 'tom', code: 'TOM', roles: ['member'], via: 'session' }
const ann: Caller = { kind: 'user', id: 1, name: 'ann', code: 'ANN', roles: ['admin'], via: 'session' }
const callers = { anonymous, token, tom, ann }

describe('who passes', () => {
  const ofCode = allow.owner({ type: 'member', by: 'code', param: 'code' })
  const table: readonly [string, Rule, readonly (keyof typeof callers)[]][] = [
    ['everyone', allow.everyone, ['anonymous', 'token', 'tom', 'ann']],
    ['token', allow.token, ['token', 'tom', 'ann']],
    ['user', allow.user, ['tom', 'ann']],
    ['nobody', allow.nobody, []],
    ['role', allow.role('admin'), ['ann']],
    ['role, in another case', allow.role('Admin'), []],
    ['users', allow.users(7), ['tom']],
    ['self by id', allow.self({ param: 'id' }), ['tom']],
    ['self by code', allow.self({ param: 'own', by: 'code' }), ['tom']],
    ['self by a parameter that is not there', allow.self({ param: 'gone' }), []],
    ['owner of what the path names', ofCode, ['tom']],
    ['owner of nothing', allow.owner({ type: 'member', by: 'code', param: 'unknown' }), []],
    ['owner where the question throws', allow.owner({ type: 'broken', by: 'code', param: 'code' }), []],
    ['any of two', allow.any(allow.role('admin'), ofCode), ['tom', 'ann']],
    ['all of two', allow.all(allow.user, ofCode), ['tom']],
    ['any of none', { any: [] }, []],
    ['all of none', { all: [] }, []],
    ['when it says yes', allow.when('yes'), ['anonymous', 'token', 'tom', 'ann']],
    ['when it throws', allow.when('throws'), []],
    ['any with one that throws first', allow.any(allow.when('throws'), allow.user), ['tom', 'ann']],
    ['role, one of several', allow.role('admin', 'member'), ['tom', 'ann']],
    ['listed, a rule on rows', allow.listed('readers'), []],
    ['a rule on rows', allow.where({ status: 'on' }), []],
    ['an owner rule on rows', allow.owner(), []],
  ]
  for (const [name, rule, passing] of table) {
    it(name, async () => {
      for (const [who, caller] of Object.entries(callers)) {
        assert.equal(await check(rule, facts(caller)), passing.includes(who as keyof typeof callers), who)
      }
    })
    it(`${name}, after a round trip through JSON`, () => {
      if ('any' in Object(rule) && name.endsWith('none')) return
      if ('all' in Object(rule) && name.endsWith('none')) return
      assert.deepEqual(parseRule(JSON.parse(JSON.stringify(rule))), rule)
    })
  }

  it('never asks who owns what the path does not name', async () => {
    let asked = 0
    const ownerOf = async () => ++asked
    for (const params of [{}, { code: '' }, { code: 7 }])
      assert.equal(await check(ofCode, { ...facts(tom), params, ownerOf }), false, JSON.stringify(params))
    assert.equal(asked, 0)
  })
  it('never asks the world when the caller alone decides', () => {
    const asked = () => assert.fail('asked')
    assert.equal(check(allow.any(allow.role('admin'), ofCode), { ...facts(ann), ownerOf: asked }), true)
  })
})

describe('what is no rule', () => {
  const table: readonly [unknown, RegExp][] = [
    ['admin', /"admin" is not a rule/],
    [true, /exactly one of/],
    [null, /exactly one of/],
    [{}, /exactly one of/],
    [{ role: ['a'], users: [1] }, /exactly one of/],
    [{ userLevels: [1] }, /unknown rule "userLevels"/],
    [{ role: 'admin' }, /rule\.role/],
    [{ role: [] }, /rule\.role/],
    [{ users: ['3'] }, /rule\.users/],
    [{ users: [1.5] }, /rule\.users/],
    [{ any: ['everyone', { role: [1] }] }, /rule\.any\.1\.role/],
    [{ role: ['a', 1] }, /rule\.role/],
    [{ owner: null }, /rule\.owner/],
    [{ owner: { type: 'x', by: 'code' } }, /rule\.owner/],
    [{ owner: { type: 'x', param: 'code' } }, /rule\.owner/],
    [{ owner: { by: 'code', param: 'code' } }, /rule\.owner/],
    [{ where: {} }, /rule\.where/],
    [{ where: { a: { $ne: null } } }, /rule\.where\.a/],
    [{ self: { param: 'x', by: 'name' } }, /rule\.self/],
    [{ self: {} }, /rule\.self/],
    [{ self: null }, /rule\.self/],
    [{ when: '' }, /rule\.when/],
    [JSON.parse('{"__proto__":["x"]}'), /unknown rule|exactly one/],
  ]
  for (const [data, complaint] of table) {
    it(JSON.stringify(data), () => {
      assert.throws(
        () => parseRule(data),
        (thrown) => thrown instanceof RuleError && complaint.test(thrown.message),
      )
    })
  }
})

describe('the rows a rule reaches', () => {
  const table: readonly [string, Rule | undefined, Caller, Condition][] = [
    ['no rule', undefined, ann, false],
    ['everyone', 'everyone', anonymous, true],
    ['nobody', 'nobody', ann, false],
    ['token, as nobody', 'token', anonymous, false],
    ['token, as a token', 'token', token, true],
    ['one of several roles', allow.role('admin', 'member'), tom, true],
    ['a role of others', allow.role('admin'), tom, false],
    ['users', allow.users(7), tom, true],
    ['users, as another', allow.users(7), ann, false],
    ['owner of a user', allow.owner(), tom, { field: 'owner', is: 'eq', value: 7 }],
    ['owner of a token', allow.owner(), token, false],
    ['owner or admin, as admin', allow.any(allow.owner(), allow.role('admin')), ann, true],
    ['listed', allow.listed('readers'), tom, { listed: 'readers', user: 7, roles: ['member'] }],
    [
      'where two',
      allow.where({ status: 'on', lang: null }),
      anonymous,
      {
        all: [
          { field: 'status', is: 'eq', value: 'on' },
          { field: 'lang', is: 'eq', value: null },
        ],
      },
    ],
    [
      'published and owned',
      allow.all(allow.published(), allow.owner()),
      tom,
      { all: [{ published: true }, { field: 'owner', is: 'eq', value: 7 }] },
    ],
    ['one part denies all', allow.all(allow.owner(), allow.role('admin')), tom, false],
    ['all parts hold', allow.all(allow.user, allow.role('member')), tom, true],
    ['one part is left of all', allow.all(allow.user, allow.owner()), tom, { field: 'owner', is: 'eq', value: 7 }],
    ['one part is left of any', allow.any(allow.nobody, allow.owner()), tom, { field: 'owner', is: 'eq', value: 7 }],
    ['no part holds', allow.any(allow.nobody, allow.role('admin')), tom, false],
    [
      'two parts are left of any',
      allow.any(allow.owner(), allow.published()),
      tom,
      { any: [{ field: 'owner', is: 'eq', value: 7 }, { published: true }] },
    ],
    ['all of none', { all: [] }, ann, false],
    ['any of none', { any: [] }, ann, false],
    ['an undecided function', allow.when('x'), ann, false],
    ['a path rule', allow.self({ param: 'id' }), tom, false],
  ]
  for (const [name, rule, caller, condition] of table)
    it(name, () => assert.deepEqual(toCondition(rule, caller), condition))
  it('takes the verdict of a decided function', () =>
    assert.equal(toCondition(allow.when('x'), tom, new Map([['x', true]])), true))
})

describe('rules that cannot be enforced', () => {
  const subjects = { types: new Map([['member', ['code', 'owner']]]), whenNames: new Set(['isOpen']) }
  const table: readonly [Rule | undefined, RegExp | undefined][] = [
    [undefined, undefined],
    [allow.everyone, undefined],
    [allow.role('admin'), undefined],
    [allow.when('isOpen'), undefined],
    [allow.all(allow.user, allow.self({ param: 'who' })), /no path parameter "who"/],
    [allow.when('sunshine'), /^there is no function "sunshine"$/],
    [allow.where({ status: 'on' }), /rules on rows/],
    [allow.owner({ type: 'member', by: 'code', param: 'code' }), undefined],
    [allow.owner({ type: 'membr', by: 'code', param: 'code' }), /no object type "membr"; did you mean "member"/],
    [allow.owner({ type: 'member', by: 'cod', param: 'code' }), /no field "cod"; did you mean "code"/],
    [allow.owner({ type: 'member', by: 'code', param: 'id' }), /no path parameter "id"/],
    [allow.any(allow.user, allow.self({ param: 'who' })), /no path parameter "who"/],
    [allow.when('isOpn'), /did you mean "isOpen"/],
    [allow.listed('readers'), /rules on rows/],
    [allow.owner(), /needs \{ type, by, param \}/],
    ['published', /rule on rows/],
  ]
  for (const [rule, complaint] of table) {
    it(JSON.stringify(rule) ?? 'no rule', () => {
      const said = verifyRule({ path: '/members/account/:code', ...(rule && { rule }) }, subjects).join('; ')
      if (complaint) assert.match(said, complaint)
      else assert.equal(said, '')
    })
  }
  const onRows: readonly [Rule, RegExp | undefined][] = [
    [allow.any(allow.owner(), allow.where({ stat: 1 })), /no field "stat"/],
    [allow.all(allow.user, allow.where({ stat: 1 })), /no field "stat"/],
    [allow.self({ param: 'id' }), /path parameter/],
    [allow.owner({ type: 'member', by: 'code', param: 'code' }), /path parameter/],
    [allow.listed('reader'), /no field "reader"/],
    [allow.when('isOpn'), /no function "isOpn"/],
    [allow.listed('status'), undefined],
    [allow.when('isOpen'), undefined],
    [allow.role('admin'), undefined],
    [allow.owner(), undefined],
    ['published', undefined],
  ]
  for (const [rule, complaint] of onRows) {
    it(`on rows ${JSON.stringify(rule)}`, () => {
      const said = verifyRowRule(rule, ['status'], subjects).join('; ')
      if (complaint) assert.match(said, complaint)
      else assert.equal(said, '')
    })
  }
})

it('a function of the site is gathered with the load that gives it, and by no other', async () => {
  const decide = () => true
  const { result, whenFunctions } = await gatherWhenFunctions(async () => {
    await Promise.resolve()
    return [allow.when('open', decide), allow.when('named elsewhere')]
  })
  const other = await gatherWhenFunctions(async () => allow.when('other', decide))
  allow.when('nobody loads', decide)
  assert.deepEqual(result, [{ when: 'open' }, { when: 'named elsewhere' }])
  assert.deepEqual([...whenFunctions], [['open', decide]])
  assert.deepEqual([...other.whenFunctions], [['other', decide]])
})

function facts(caller: Caller) {
  return {
    caller,
    params: { id: '7', own: 'TOM', code: 'AAA', unknown: 'ZZZ' },
    ownerOf: async (owner: { type: string }, value: string) => {
      if (owner.type === 'broken') throw new Error('no such table')
      return value === 'AAA' ? 7 : undefined
    },
    decide: async (name: string) => {
      if (name === 'throws') throw new Error('stumbled')
      return name === 'yes'
    },
  }
}
