import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Content, StoredObject } from '../endpoint/content.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'

const rules = { read: allow.owner(), create: allow.user, update: allow.owner(), delete: allow.owner() }
const entry = defineType({
  name: 'entry',
  fields: {
    text: field.text({ index: true }),
    count: field.integer(),
    data: field.json(),
    secret: field.text({ private: true }),
    readers: field.accessList(),
    tags: field.tags(),
  },
  relations: { near: { to: 'entry' } },
  rules,
})
const listed = defineType({
  name: 'listed',
  fields: { readers: field.accessList() },
  rules: { ...rules, read: allow.any(allow.owner(), allow.listed('readers')) },
})

const injections = [
  "'; drop table objects; --",
  '" or 1=1 --',
  '`x`',
  'x) or (1=1',
  '1; select 1',
  '../..',
  '$1',
  '?',
  '%27',
  'o.secret',
  't.secret',
  'secret->x',
  'secret[0]',
  'secret.key',
  'SECRET',
  'sеcret',
]

describe('what the world would try on content', () => {
  let house: ContentHouse
  let kim: Content

  before(async () => {
    house = await contentHouse([entry, listed])
    kim = house.as(user(1))
    await kim.create('entry', { text: 'safe', secret: 'hush', count: 1 })
  })
  after(() => house[Symbol.asyncDispose]())

  async function unharmed(): Promise<void> {
    assert.equal((await kim.list('entry', { filter: { text: 'safe' } })).paging.total, 1)
  }

  test('V70 V71 V03 V04: SQL and crooked names in every name and value find nothing and harm nothing', async () => {
    for (const text of injections) {
      assert.deepEqual((await kim.list('entry', { filter: { text } })).data, [])
      assert.equal(await kim.read('entry', text), null)
      await kim.list('entry', { filter: { query: text } })
      await kim.list('entry', { filter: { substring: text } })
      for (const query of [
        { filter: { [text]: 'x' } },
        { filter: { text: { [text]: 'x' } } },
        { filter: { [`Entry.${text}`]: 'x' } },
        { sort: text },
        { fields: text },
        { cursor: text },
        { embed: { relations: text } },
        { filter: { object_type: text } },
      ]) {
        await assert.rejects(
          kim.list('entry', query),
          (thrown: { status: number }) => thrown.status === 400,
          JSON.stringify(query),
        )
      }
      await assert.rejects(kim.perform('records.get', { type: 'entry', where: { [text]: 1 } }))
      await assert.rejects(kim.list(text))
    }
    await unharmed()
  })

  test('V01 V05 V07: an unreadable field answers exactly like one that is not there', async () => {
    const told = (query: object): Promise<string> =>
      kim.list('entry', query).then(
        () => 'answered',
        (thrown: { code: string; message: string }) => `${thrown.code} ${thrown.message}`,
      )
    for (const make of [
      (name: string) => ({ filter: { [name]: 'hush' } }),
      (name: string) => ({ filter: { [name]: { ne: 'x' } } }),
      (name: string) => ({ filter: { [name]: { null: true } } }),
      (name: string) => ({ sort: `-${name}` }),
      (name: string) => ({ fields: name }),
    ]) {
      const [there, absent] = await Promise.all([told(make('secret')), told(make('zzzzzz'))])
      assert.equal(there.replaceAll('secret', 'NAME'), absent.replaceAll('zzzzzz', 'NAME'))
    }
  })

  test('V31: an empty list is nobody and nothing, in filters and access lists', async () => {
    assert.deepEqual((await kim.list('entry', { filter: { text: [] } })).data, [])
    assert.deepEqual((await kim.list('entry', { filter: { tags: [] } })).data, [])
    await kim.create('listed', { readers: { users: [], roles: [] } })
    await kim.create('listed', { readers: null })
    assert.deepEqual((await house.as(user(2)).list('listed')).data, [])
    assert.equal((await kim.list('listed')).paging.total, 2)
  })

  test('V34 V35: what belongs to the server cannot be written, by any way in', async () => {
    const mine = (await kim.list('entry')).data[0]
    assert.ok(mine)
    for (const name of ['id', 'owner', 'created', 'modified', 'object_type', 'trashed', 'version_']) {
      await assert.rejects(kim.create('entry', { [name]: 2 }), { code: 'UNKNOWN_FIELD' }, name)
      await assert.rejects(kim.update('entry', mine.id, { [name]: 2 }), { code: 'UNKNOWN_FIELD' }, name)
      await assert.rejects(
        kim.perform('objects.create', { items: [{ type: 'entry', fields: { [name]: 2 } }] }),
        { code: 'UNKNOWN_FIELD' },
        name,
      )
      await assert.rejects(
        kim.perform('records.create', { type: 'entry', fields: { [name]: 2 } }),
        { code: 'UNKNOWN_FIELD' },
        name,
      )
    }
    await kim.perform('objects.create', {
      type: 'entry',
      fields: { text: 'plain' },
      fact: { name: 'import x', value: '9' },
      owner: 2,
    })
    const facts = await house.store.read.rows({
      from: 'content_facts',
      select: ['name'],
      where: { column: 'name', is: 'eq', value: 'import x' },
    })
    assert.deepEqual(facts, [])
    assert.ok((await kim.list('entry')).data.every((one) => one['owner'] === 1))
  })

  test('V69 V76 V77: objects where plain values belong, and names that reach into prototypes', async () => {
    for (const value of [{ $ne: null }, { $gt: '' }, ['a'], 7, true, { toString: 'x' }])
      await assert.rejects(kim.create('entry', { text: value }), { code: 'INVALID' })
    for (const id of [{ $ne: null }, ['1'], null, Number.NaN, -1, 1.5, '1e3', '0x1', ' 1', '__proto__'])
      assert.equal(await kim.read('entry', id as never), null)
    const polluted = JSON.parse(
      '{"text":"x","__proto__":{"owner":9},"constructor":{"prototype":{"owner":9}}}',
    ) as Record<string, unknown>
    await assert.rejects(kim.create('entry', polluted), { code: 'UNKNOWN_FIELD' })
    const kept = (await kim.create('entry', { data: JSON.parse('{"__proto__":{"polluted":true}}') as unknown }))['data']
    assert.ok(!('polluted' in {}) && JSON.stringify(kept).length > 0)
    await assert.rejects(kim.perform('__proto__', {}), { code: 'NOT_FOUND' })
    await assert.rejects(kim.perform('constructor', {}), { code: 'NOT_FOUND' })
  })

  test('V81: naughty text is kept exactly or refused, wherever it can be written', async () => {
    const exact = [
      '',
      ' ',
      '\t\r\n',
      '\u0001\u001f\u007f',
      '\u200b\ufeff\u202e',
      'Ω≈ç√∫',
      '𠜎𠜱',
      '👩‍👩‍👧',
      'ﷺ',
      '<script>alert(1)</script>',
      '{{7*7}}${7*7}',
      "1' or '1'='1",
      'NULL',
      'undefined',
      '-0',
      '1e400',
      '\u2028\u2029',
      'a'.repeat(100_000),
      '%s%n',
      'nul l',
    ]
    for (const text of exact) {
      const made = await kim.create('entry', { text, data: { text } })
      const read = await kim.read('entry', made.id)
      assert.equal(read?.['text'], text)
      assert.deepEqual(read?.['data'], { text })
    }
    for (const text of ['\0', 'a\0b', '\ud800', 'a\udfff', '\ud83d']) {
      for (const fields of [
        { text },
        { title: text },
        { data: { deep: [text] } },
        { tags: [text] },
        { readers: { roles: [text] } },
      ])
        await assert.rejects(kim.create('entry', fields), { code: 'INVALID' }, JSON.stringify(fields))
      await assert.rejects(kim.list('entry', { filter: { text } }), { code: 'BAD_QUERY_VALUE' })
      assert.equal(await kim.read('entry', text), null)
    }
  })

  test('V97: depth, terms and lists are bounded before any work', async () => {
    let deep: unknown = 1
    for (let level = 0; level < 40; level++) deep = [deep]
    await assert.rejects(kim.create('entry', { data: deep }), { code: 'INVALID' })
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`filter[f${index}]`, 'x']))
    await assert.rejects(house.room.perform('objects.list', { query: many }, { caller: user(1) }), {
      code: 'BAD_QUERY_VALUE',
    })
    await assert.rejects(kim.list('entry', { filter: { text: 'x,'.repeat(101) } }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(kim.list('entry', { sort: 'id,text,count,created,title,slug' }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(
      kim.perform('objects.create', { items: Array.from({ length: 1001 }, () => ({ type: 'entry', fields: {} })) }),
      { code: 'BAD_REQUEST' },
    )
    await assert.rejects(kim.create('entry', { relations: { near: Array.from({ length: 1001 }, () => 1) } }), {
      code: 'BAD_REQUEST',
    })
  })

  test('V107: a right that is lost in the meantime stops the write', async () => {
    const made = await kim.create('entry', { text: 'mine', count: 0 })
    const give = house.system.update('entry', made.id, { owner: 2 })
    const late = kim.update('entry', made.id, { count: 99 })
    await give
    await assert.rejects(late, { code: 'NOT_FOUND' })
    assert.equal((await house.as(user(2)).read('entry', made.id))?.['count'], 0)
  })

  test('no update is lost: each of many increments by version counts', async () => {
    const made = await kim.create('entry', { text: 'counter', count: 0 })
    const increment = async (): Promise<void> => {
      for (;;) {
        const now = (await kim.read('entry', made.id)) as StoredObject
        try {
          await kim.update('entry', made.id, { count: Number(now['count']) + 1, version: now['version'] })
          return
        } catch (thrown) {
          if ((thrown as { code?: string }).code !== 'STALE') throw thrown
        }
      }
    }
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let turn = 0; turn < 10; turn++) await increment()
      }),
    )
    assert.equal((await kim.read('entry', made.id))?.['count'], 80)
  })
})
