import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../../test/fixtures/content-house.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { defineType } from '../define-type.ts'
import { field } from '../field.ts'

const member = defineType({
  name: 'member',
  fields: {
    name: field.text({ required: true }),
    age: field.integer(),
    tags: field.tags(),
    first_name: field.text(),
    secret: field.text({ private: true }),
  },
  rules: { read: allow.user, create: allow.user, update: allow.user, delete: allow.user },
})

const people = [
  { name: 'Ann', age: 30, first_name: 'A\\B' },
  { name: 'Bob', age: 20 },
  { name: 'Cid', age: 40, first_name: 'a_b' },
  { name: 'Dan', age: null },
]
const all = people.map((one) => one.name)

type Where = Readonly<Record<string, unknown>>

describe('a where-object', () => {
  let house: ContentHouse
  before(async () => {
    house = await contentHouse([member])
    for (const fields of people) await house.as(user(1)).create('member', fields)
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = async (operation: string, where: Where): Promise<unknown> =>
    house.room.perform(operation, { type: 'member', where }, { caller: user(1) })
  const names = async (where: Where) => ((await ask('records.get', where)) as { name: string }[]).map((one) => one.name)

  const found: readonly [Where, readonly string[]][] = [
    [{}, all],
    [{ name: 'Ann' }, ['Ann']],
    [{ 'name =': 'Ann' }, ['Ann']],
    [{ ' name = ': 'Ann' }, ['Ann']],
    [{ 'age !=': 20 }, ['Ann', 'Cid', 'Dan']],
    [{ 'age !': '20' }, ['Ann', 'Cid', 'Dan']],
    [{ 'age <>': 20 }, ['Ann', 'Cid', 'Dan']],
    [{ 'age >': 20 }, ['Ann', 'Cid']],
    [{ 'age >=': 30 }, ['Ann', 'Cid']],
    [{ 'age <': 30 }, ['Bob']],
    [{ 'age <=': 30 }, ['Ann', 'Bob']],
    [{ age: null }, ['Dan']],
    [{ 'age *!gt!*': 20 }, ['Ann', 'Cid']],
    [{ 'age *!lt!*': 30 }, ['Bob']],
    [{ 'age *!gt!**!equalto!*': 40 }, ['Cid']],
    [{ 'first*!underscore!*name': 'a_b' }, ['Cid']],
    [{ 'name like': '%n' }, ['Ann', 'Dan']],
    [{ 'name LIKE': '_nn' }, ['Ann']],
    [{ 'name not like': '%n' }, ['Bob', 'Cid']],
    [{ 'first_name like': 'A\\%' }, ['Ann']],
    [{ name: 'Ann', 'age >': 30 }, []],
    [{ name: 'Ann', 'AND age': 30 }, ['Ann']],
    [{ name: 'Ann', 'OR name': 'Bob' }, ['Ann', 'Bob']],
    [{ 'or name': 'Ann', 'or age >': 30 }, ['Ann', 'Cid']],
    [{ name: 'Ann', 'age >': 30, 'OR name ': 'Bob', 'age ': 20 }, ['Bob']],
    [{ orderBy: 'age' }, ['Dan', 'Bob', 'Ann', 'Cid']],
    [{ order_by: 'age desc' }, ['Cid', 'Ann', 'Bob', 'Dan']],
    [{ orderBy: 'age DESC, name asc' }, ['Cid', 'Ann', 'Bob', 'Dan']],
    [{ orderBy: 'id desc' }, all.toReversed()],
    [{ orderBy: '' }, all],
    [{ limit: 2 }, ['Ann', 'Bob']],
    [{ limit: '2', offset: '1' }, ['Bob', 'Cid']],
    [{ limit: '', offset: null }, all],
    [{ limit: 0 }, []],
    [{ limit: 1_000, offset: 0 }, all],
    [{ limit: 1, offset: 100_000 }, []],
  ]
  for (const [where, expected] of found)
    it(`${JSON.stringify(where)} finds ${expected.length}`, async () => assert.deepEqual(await names(where), expected))

  it('counts what it finds, whatever order and limits stand beside', async () => {
    assert.equal(await ask('records.count', { 'age >': 20 }), 2)
    assert.equal(await ask('records.count', {}), 4)
  })

  const refused: readonly [Where, string, RegExp][] = [
    [{ 'name ~': 'x' }, 'BAD_QUERY_VALUE', /query\.name ~: is not a field with an operator/],
    [{ 'name; drop': 'x' }, 'BAD_QUERY_VALUE', /is not a field with an operator/],
    [{ 'xor name': 'x' }, 'BAD_QUERY_VALUE', /is not a field with an operator/],
    [{ nam: 'x' }, 'UNKNOWN_QUERY', /"nam" is not a field of member\. Did you mean "name"\?$/],
    [{ zzzzzzzz: 'x' }, 'UNKNOWN_QUERY', /"zzzzzzzz" is not a field of member\.$/],
    [{ secret: 'x' }, 'UNKNOWN_QUERY', /"secret" is not a field/],
    [{ tags: 'x' }, 'UNKNOWN_QUERY', /"tags" is not a field/],
    [{ age: 'old' }, 'BAD_QUERY_VALUE', /query\.age: /],
    [{ age: {} }, 'BAD_QUERY_VALUE', /query\.age: /],
    [{ 'name like': 7 }, 'BAD_QUERY_VALUE', /must be text/],
    [{ 'age like': '3%' }, 'BAD_QUERY_VALUE', /query\.age like: only text is like something/],
    [{ 'OR id NOT LIKE': '3%' }, 'BAD_QUERY_VALUE', /only text is like something/],
    [{ 'name like': 'x'.repeat(1_001) }, 'BAD_QUERY_VALUE', /must be text/],
    [{ orderBy: 7 }, 'BAD_QUERY_VALUE', /query\.orderBy: must be text/],
    [{ orderBy: 'nam' }, 'UNKNOWN_QUERY', /Did you mean "name"\?$/],
    [{ orderBy: 'secret' }, 'UNKNOWN_QUERY', /"secret" is not a field/],
    [{ orderBy: 'tags' }, 'UNKNOWN_QUERY', /"tags" is not a field/],
    [{ orderBy: 'name;' }, 'UNKNOWN_QUERY', /is not a field/],
    [{ NAME: 'x' }, 'UNKNOWN_QUERY', /Did you mean "name"\?$/],
    [{ limit: 1_001 }, 'BAD_QUERY_VALUE', /at most 1000/],
    [{ limit: -1 }, 'BAD_QUERY_VALUE', /query\.limit: must be a whole number/],
    [{ limit: 1.5 }, 'BAD_QUERY_VALUE', /query\.limit: /],
    [{ limit: 'x' }, 'BAD_QUERY_VALUE', /query\.limit: /],
    [{ limit: true }, 'BAD_QUERY_VALUE', /query\.limit: /],
    [{ offset: 100_001 }, 'BAD_QUERY_VALUE', /query\.offset: /],
  ]
  for (const [where, code, message] of refused)
    it(`${JSON.stringify(where).slice(0, 60)} is refused`, async () => {
      const thrown = await ask('records.get', where).then(
        () => assert.fail('was answered'),
        (reason: unknown) => reason,
      )
      assert.ok(thrown instanceof PosternError, String(thrown))
      assert.equal(thrown.code, code)
      assert.match(thrown.message, message)
    })
})
