import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Content, ListQuery } from '../endpoint/content.ts'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'

async function names(content: Content, query: ListQuery = {}): Promise<unknown[]> {
  return (await content.list('cards', { sort: 'id', ...query })).data.map((one) => one['name'])
}

describe('asking', () => {
  let house: ContentHouse
  let lee: Content

  before(async () => {
    house = await contentHouse()
    lee = house.as(user(40))
  })
  after(() => house[Symbol.asyncDispose]())

  before(async () => {
    for (const [index, name] of ['e', 'd', 'c', 'b', 'a'].entries())
      await lee.create('card', { name, rank: index % 2, born: index === 0 ? null : `2000-01-0${index}` })
  })

  test('filters by values, lists of values, comparisons and absence', async () => {
    assert.deepEqual(await names(lee, { filter: { name: 'a,c' } }), ['c', 'a'])
    assert.deepEqual(await names(lee, { filter: { born: { gte: '2000-01-03' } } }), ['b', 'a'])
    assert.deepEqual(await names(lee, { filter: { born: { null: true } } }), ['e'])
    assert.deepEqual(await names(lee, { filter: { rank: 1, name: ['a', 'b', 'd'] } }), ['d', 'b'])
    assert.deepEqual(await names(lee, { filter: { name: { ne: 'a' } }, sort: '-name' }), ['e', 'd', 'c', 'b'])
    assert.deepEqual(await names(lee, { filter: { name: [] } }), [])
  })

  test('reads one object at once where its database is in the process; to handlers every refusal is a rejection', async () => {
    const [one] = (await lee.list('cards', { filter: { name: 'a' } })).data
    const ask = (query: object) => house.room.perform('objects.read', { id: one?.id, query }, { caller: user(40) })
    assert.equal(ask({}) instanceof Promise, house.store.dialect === 'postgres')
    assert.deepEqual(await ask({}), await lee.read('cards', Number(one?.id)))
    assert.deepEqual(await ask({ lang: 'it', fields: 'name' }), { id: one?.id, object_type: 'card', name: 'a' })
    const reading = lee.read('cards', Number(one?.id), { bogus: 'x' } as object)
    await assert.rejects(reading, { code: 'UNKNOWN_QUERY' })
    await assert.rejects(lee.perform('no.operation', {}), { code: 'NOT_FOUND' })
  })

  test('reads flat names of a query string like nested data', async () => {
    const flat = await house.room.perform(
      'objects.list',
      { type: 'cards', query: { 'filter[born][gte]': '2000-01-03', page_size: '1' } },
      { caller: user(40) },
    )
    assert.equal(flat.data.length, 1)
  })

  test('walks every page by cursor in the same order as by number, whatever the sort', async () => {
    for (const sort of ['name', '-name', 'rank,-name', '-born', 'born', '-rank,born', 'id', '-id']) {
      const whole = await names(lee, { sort })
      const walked: unknown[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<Content['list']>> = await lee.list('card', {
          sort,
          page_size: 2,
          fields: 'name',
          ...(cursor === null ? {} : { cursor }),
        })
        walked.push(...page.data.map((one) => one['name']))
        cursor = page.paging.next
      } while (cursor !== null)
      assert.deepEqual(walked, whole, sort)
    }
  })

  test('V06 refuses a forged or foreign cursor', async () => {
    const next = (await lee.list('card', { sort: 'name', page_size: 1 })).paging.next ?? ''
    await assert.rejects(lee.list('card', { sort: '-name', cursor: next }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(lee.list('card', { sort: 'name', filter: { rank: 1 }, cursor: next }), {
      code: 'BAD_QUERY_VALUE',
    })
    for (const cursor of [
      'x',
      '',
      'W10',
      Buffer.from('["x",{"a":1},1]').toString('base64url'),
      'A'.repeat(5000),
      "';--",
    ]) {
      await assert.rejects(lee.list('card', { sort: 'name', cursor }), { code: 'BAD_QUERY_VALUE' })
    }
  })

  test('V01 V04 V07 names what it does not know, and treats private fields as unknown', async () => {
    const unknown: ListQuery[] = [
      { filter: { secret: 'x' } },
      { filter: { 'Card.secret': 'x' } },
      { filter: { 'o.secret': 'x' } },
      { filter: { NAME: 'x' } },
      { filter: { name: { like: 'x' } } },
      { filter: { readers: 'x' } },
      { filter: { 'nothing": or 1=1--': 'x' } },
    ]
    for (const query of unknown) await assert.rejects(lee.list('card', query), { code: 'UNKNOWN_QUERY' })
    for (const query of [
      { sort: 'secret' },
      { sort: 'readers' },
      { sort: 'name,name' },
      { fields: 'secret' },
      { sort: 'name;--' },
    ]) {
      await assert.rejects(lee.list('card', query), { code: 'BAD_QUERY_VALUE' })
    }
  })

  test('refuses absurd pages before any work', async () => {
    for (const query of [
      { page: 0 },
      { page: -1 },
      { page: 1.5 },
      { page_size: 101 },
      { page: 1e9 },
      { page_size: Number.NaN },
      { page: '10' as never, page_size: '1e3' as never },
    ]) {
      await assert.rejects(lee.list('card', query), { code: 'BAD_QUERY_VALUE' })
    }
    assert.deepEqual((await lee.list('card', { page: 50 })).data, [])
  })

  test('gives named ids in the order asked for, all or none', async () => {
    const ids = (await lee.list('card', { sort: '-id' })).data.map((one) => one.id)
    const perform = (id: string): Promise<unknown> =>
      house.room.perform('objects.list', { query: { id } }, { caller: user(40) })
    const found = (await perform(ids.join(','))) as { data: { id: number }[] }
    assert.deepEqual(
      found.data.map((one) => one.id),
      ids,
    )
    await assert.rejects(perform(`${ids[0]},999999`), { code: 'NOT_FOUND' })
    await assert.rejects(perform('1,x'), { code: 'BAD_QUERY_VALUE' })
  })

  test('owner of the first object with a value, strict by type', async () => {
    assert.equal(await house.room.ownerOf({ type: 'card', by: 'name' }, 'a'), 40)
    assert.equal(await house.room.ownerOf({ type: 'card', by: 'name' }, 'nobody'), undefined)
    assert.equal(await house.room.ownerOf({ type: 'card', by: 'rank' }, ''), undefined)
    assert.equal(await house.room.ownerOf({ type: 'card', by: 'rank' }, '01'), undefined)
    assert.equal(await house.room.ownerOf({ type: 'card', by: 'missing' }, 'a'), undefined)
  })
})
