import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import type { Rule } from '../endpoint/rule.ts'
import { allow } from '../rules/allow.ts'
import type { Condition } from '../schema/condition.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'
import { lower } from './lower.ts'
import { prepared } from './object-types.ts'

const fields = {
  name: field.text({ required: true }),
  rank: field.integer(),
  readers: field.accessList(),
  others: field.accessList(),
}
/** One type for each rule to be told apart, with the same rows. */
const rules: Readonly<Record<string, Rule>> = {
  published: allow.published(),
  listed: allow.listed('readers'),
  owned: allow.owner(),
  ranked: allow.where({ rank: 1, status: 'on' }),
  either: allow.any(allow.where({ rank: 2 }), allow.listed('readers')),
  both: allow.all(allow.listed('readers'), allow.where({ rank: 2 })),
}
const types = Object.entries(rules).map(([name, read]) =>
  defineType({ name: `${name}_thing`, fields, rules: { read } }),
)

const day = 86_400_000
const at = (days: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + days * day).toISOString()
const rows = [
  { name: 'plain', rank: 1 },
  { name: 'draft', rank: 1, status: 'draft' },
  { name: 'soon', rank: 2, published_from: at(1) },
  { name: 'since', rank: 2, published_from: at(-1) },
  { name: 'over', rank: 2, published_until: at(-1) },
  { name: 'still', rank: 2, published_until: at(1) },
  { name: 'for tom', rank: 2, readers: { users: [1] }, status: 'off' },
  { name: 'for club', rank: 3, readers: { roles: ['club'] }, status: 'off' },
  { name: 'elsewhere', rank: 3, others: { users: [1], roles: ['club'] }, status: 'off' },
]

describe('the rows that a rule lets through', () => {
  let house: ContentHouse
  before(async () => {
    house = await contentHouse(types)
    for (const type of types) for (const row of rows) await house.system.create(type.name, row)
  })
  after(() => house[Symbol.asyncDispose]())

  const tom = user(1)
  const clubman = user(2, 'club', 'other')
  const cases: readonly [string, Caller, readonly string[]][] = [
    ['published', anonymous, ['plain', 'since', 'still']],
    ['listed', user(9), []],
    ['listed', tom, ['for tom']],
    ['listed', user(1, 'club'), ['for tom', 'for club']],
    ['listed', clubman, ['for club']],
    ['owned', tom, []],
    ['ranked', anonymous, ['plain']],
    ['either', tom, ['soon', 'since', 'over', 'still', 'for tom']],
    ['either', clubman, ['soon', 'since', 'over', 'still', 'for tom', 'for club']],
    ['both', tom, ['for tom']],
    ['both', clubman, []],
  ]
  for (const [name, caller, expected] of cases)
    it(`${name}, as ${caller.kind === 'user' ? caller.name : caller.kind}`, async () => {
      const as = house.as(caller)
      const type = `${name}_thing`
      const listed = (await as.list(type, { sort: 'id' })).data
      assert.deepEqual(
        listed.map((one) => one['name']),
        expected,
      )
      const among = (await as.list('objects', { sort: 'id', filter: { object_type: type } })).data
      assert.deepEqual(
        among.map((one) => one['id']),
        listed.map((one) => one['id']),
      )
      const every = (await house.system.list(type, { sort: 'id' })).data
      for (const { id, ...one } of every) {
        const seen = await as.read('objects', id)
        assert.equal(seen !== null, expected.includes(String(one['name'])), String(one['name']))
      }
    })

  it('are none for who can be in no list', async () => {
    const token: Caller = { kind: 'token', tokenId: 1, name: 'x' }
    for (const caller of [anonymous, token]) {
      await assert.rejects(house.as(caller).list('listed_thing'), { code: /UNAUTHENTICATED|FORBIDDEN/ })
      const seen = (await house.as(caller).list('objects', { page_size: 100 })).data.map((one) => one.object_type)
      assert.deepEqual([seen.includes('published_thing'), seen.includes('listed_thing')], [true, false])
    }
  })

  it('are those of all types together, each by its own rule, and none that has no rule', async () => {
    const all = (await house.as(tom).list('objects', { sort: 'id', page_size: 100 })).data
    assert.deepEqual(
      Object.entries(Object.groupBy(all, (one) => one.object_type)).map(([type, found]) => [type, found?.length]),
      [
        ['published_thing', 3],
        ['listed_thing', 1],
        ['ranked_thing', 1],
        ['either_thing', 5],
        ['both_thing', 1],
      ],
    )
  })
})

describe('a condition as a predicate on columns', () => {
  const type = prepared(defineType({ name: 'thing', fields }))
  const now = at(0)
  const scope = { type, joined: true, now }
  const rank = { field: 'rank', is: 'eq', value: 1 } as const
  const own = (as: string) => ({
    exists: {
      from: type.table,
      as: 't',
      where: {
        all: [
          { column: 't.id', is: 'eq', other: `${as}.id` },
          { column: 't.rank', is: 'eq', value: 1 },
        ],
      },
    },
  })
  const named = { listed: 'readers', user: 1, roles: [] } as const
  const naming = {
    all: [{ column: 'a.field', is: 'eq', value: 'readers' }, { any: [{ column: 'a.user_id', is: 'eq', value: 1 }] }],
  }
  const table: readonly [string, Condition, object, unknown][] = [
    ['the own field', rank, scope, { column: 't.rank', is: 'eq', value: 1 }],
    ['its opposite', { not: rank }, scope, { not: { column: 't.rank', is: 'eq', value: 1 } }],
    ['the own field of one among many', rank, { ...scope, joined: false }, own('o')],
    ['the own field of an object above', rank, { ...scope, joined: false, as: 'p' }, own('p')],
    ['a shared field', { field: 'title', in: ['a'] }, { ...scope, joined: false }, { column: 'o.title', in: ['a'] }],
    [
      'a shared field of an object above',
      { field: 'title', in: ['a'] },
      { ...scope, as: 'p' },
      { column: 'p.title', in: ['a'] },
    ],
    ['a field that there is not', { field: 'nothing', is: 'eq', value: 1 }, scope, false],
    [
      'who is named, from where the database may begin',
      named,
      scope,
      { column: 'o.id', among: { from: 'access_entries', as: 'a', select: 'a.object_id', where: naming } },
    ],
    [
      'who is named in an object above',
      named,
      { ...scope, joined: false, as: 'p' },
      {
        exists: {
          from: 'access_entries',
          as: 'a',
          where: { all: [{ column: 'a.object_id', is: 'eq', other: 'p.id' }, naming] },
        },
      },
    ],
  ]
  for (const [name, condition, where, expected] of table)
    it(name, () => assert.deepEqual(lower(condition, { ...scope, ...where }), expected))
})
