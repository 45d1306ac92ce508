import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Call } from '../endpoint/call.ts'
import { Reply } from '../endpoint/reply.ts'
import { allow } from '../rules/allow.ts'
import { contentFor } from './content-for.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'
import { operationHandler } from './operation-handler.ts'

const member = defineType({
  name: 'member',
  fields: { name: field.text({ required: true }), age: field.integer(), secret: field.text({ private: true }) },
})
const diary = defineType({
  name: 'diary',
  fields: { text: field.text() },
  rules: { read: allow.owner(), create: allow.user, delete: allow.owner() },
})

describe('operations that a manifest declares', () => {
  let house: ContentHouse
  const caller = user(1)

  before(async () => {
    house = await contentHouse([member, diary])
    for (const [name, age] of [
      ['Ann', 30],
      ['Bob', 20],
      ['Cid', 40],
      ['Dan', 10],
    ] as const)
      await send('create', { body: { name, age, secret: 's' } })
  })
  after(() => house[Symbol.asyncDispose]())

  interface Sent {
    readonly body?: unknown
    readonly query?: Record<string, unknown>
    readonly id?: string
    readonly type?: string
    readonly by?: typeof caller
  }

  async function send(name: string, sent: Sent = {}): Promise<{ result: unknown; status: number | undefined }> {
    const by = sent.by ?? caller
    const reply = new Reply()
    const call = {
      method: sent.body === undefined ? 'GET' : 'POST',
      body: sent.body,
      query: sent.query ?? {},
      params: { id: sent.id },
      caller: by,
      reply,
      asSystem: (system: string) => ({ content: contentFor(house.room, { caller: by, system }) }),
    } as unknown as Call
    const result = await operationHandler(name, sent.type ?? 'member')(call)
    return { result: result instanceof Response ? await result.json() : result, status: reply.code }
  }

  async function names(sent: Sent): Promise<unknown> {
    const { result } = await send(sent.body === undefined ? 'get' : 'search', sent)
    return (result as { name: string }[]).map((one) => one.name)
  }

  test('rows by conditions, each with a value of its own', async () => {
    assert.deepEqual(await names({ query: { 'age >': '15', 'age <': '35' } }), ['Ann', 'Bob'])
    assert.deepEqual(await names({ body: { name: 'Ann', 'OR name': 'Bob' } }), ['Ann', 'Bob'])
    assert.deepEqual(await names({ body: { 'OR age >=': 40, 'OR name': 'Dan', 'AND age': 10 } }), ['Cid', 'Dan'])
    assert.deepEqual(await names({ body: { 'name LIKE': 'a%', orderBy: 'age desc' } }), ['Ann'])
    assert.deepEqual(await names({ body: { 'name NOT LIKE': '%n%' } }), ['Bob', 'Cid'])
    assert.deepEqual(await names({ body: { 'name !=': 'Ann', orderBy: 'age desc', limit: 2, offset: 1 } }), [
      'Bob',
      'Dan',
    ])
    assert.deepEqual(await names({ query: { 'age*!gt!*': '35' } }), ['Cid'])
  })

  test('refuses what it does not know, and keeps private fields out', async () => {
    for (const where of [
      { nothing: 1 },
      { secret: 's' },
      { 'name; drop table objects': 1 },
      { 'name >> ': 1 },
      { orderBy: 'secret' },
      { orderBy: 'name; --' },
      { limit: 'x' },
      { limit: -1 },
      { name: { $ne: null } },
      { age: 'old' },
    ]) {
      await assert.rejects(
        send('search', { body: where }),
        (thrown: { status: number }) => thrown.status === 400,
        JSON.stringify(where),
      )
    }
    const { result } = await send('get')
    assert.ok(!JSON.stringify(result).includes('secret'))
  })

  test('one row, whether it is there, and how many', async () => {
    const found = (await send('find-one', { id: '1' })).result as { name: string }
    assert.equal(found.name, 'Ann')
    await assert.rejects(send('find-one', { id: '99' }), { code: 'NOT_FOUND', message: 'Record not found' })
    await assert.rejects(send('find-one', { id: 'abc' }), { code: 'BAD_PARAM' })
    assert.equal((await send('exists', { id: '1' })).result, true)
    assert.equal((await send('exists', { id: '99' })).result, false)
    assert.equal((await send('count')).result, 4)
    assert.equal((await send('count', { body: { 'age >': 15 } })).result, 3)
  })

  test('creates with 201, changes, and reads numbers from forms', async () => {
    const made = await send('create', { body: { name: 'Eve', age: '50' } })
    assert.equal(made.status, 201)
    const { id, age } = made.result as { id: number; age: number }
    assert.equal(age, 50)
    const changed = (await send('update', { id: String(id), body: { id: 7, age: 51 } })).result as {
      id: number
      age: number
    }
    assert.deepEqual({ id: changed.id, age: changed.age }, { id, age: 51 })
    await assert.rejects(send('update', { id: '99', body: { age: 1 } }), { code: 'NOT_FOUND' })
    await assert.rejects(send('update', { id: String(id), body: {} }), { code: 'BAD_REQUEST' })
    await assert.rejects(send('create', { body: { name: 'x', owner: 5 } }), { code: 'UNKNOWN_FIELD' })
    assert.equal((await send('delete-one', { id: String(id) })).result, true)
    await assert.rejects(send('delete-one', { id: String(id) }), { code: 'NOT_FOUND' })
  })

  test('never deletes everything by an empty condition', async () => {
    for (const body of [{}, undefined, { limit: 5 }, { orderBy: 'name' }])
      await assert.rejects(send('destroy', { body }), { code: 'BAD_REQUEST' })
    assert.equal((await send('count')).result, 4)
    assert.equal((await send('insert-batch', { body: [{ name: 'tmp' }, { name: 'tmp' }] })).result, 2)
    assert.equal((await send('destroy', { body: { name: 'tmp' } })).result, 2)
    const told = (await house.system.perform('outbox.read', { limit: 1000 })) as { operation: string }[]
    assert.deepEqual(
      told.slice(-2).map((row) => row.operation),
      ['objects.trash', 'objects.trash'],
    )
    assert.equal((await send('count')).result, 4)
  })

  test('a type with rules keeps them', async () => {
    const ann = user(7)
    const ben = user(8)
    await send('create', { type: 'diary', body: { text: 'mine' }, by: ann })
    assert.equal((await send('count', { type: 'diary', by: ben })).result, 0)
    assert.equal((await send('destroy', { type: 'diary', body: { text: 'mine' }, by: ben })).result, 0)
    assert.equal((await send('count', { type: 'diary', by: ann })).result, 1)
  })
})
