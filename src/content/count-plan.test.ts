import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { contentHouse, user } from '../../test/fixtures/content-house.ts'
import type { Content, ListQuery } from '../endpoint/content.ts'

async function total(content: Content, query: ListQuery): Promise<number> {
  return (await content.list('cards', { ...query, page_size: 1 })).paging.total
}

describe('totals', () => {
  test('count what the list would show: no trash, no other type, nothing that the rule hides', async () => {
    await using house = await contentHouse()
    const [lee, kim] = [house.as(user(40)), house.as(user(41))]
    for (let rank = 0; rank < 6; rank += 1) await lee.create('card', { name: `lee ${rank}`, rank })
    for (let rank = 0; rank < 3; rank += 1) await kim.create('card', { name: `kim ${rank}`, rank })
    const queries: ListQuery[] = [
      {},
      { filter: { rank: { gte: 1 } } },
      { filter: { rank: { gte: 1 }, name: { ne: 'lee 2' } } },
      { filter: { rank: { gte: 1 }, status: 'on' } },
      { filter: { status: 'on' } },
    ]
    const totals = (content: Content) => Promise.all(queries.map((query) => total(content, query)))
    assert.deepEqual(await totals(house.system), [9, 7, 6, 7, 9])
    assert.deepEqual(await totals(lee), [6, 5, 4, 5, 6])
    assert.deepEqual(await totals(kim), [3, 2, 2, 2, 3])
    const gone = (await lee.list('cards', { filter: { name: 'lee 5' } })).data[0]
    await house.system.trash('card', gone?.id ?? 0)
    assert.deepEqual(await totals(house.system), [8, 6, 5, 6, 8])
    assert.deepEqual(await totals(lee), [5, 4, 3, 4, 5])
    assert.deepEqual(await totals(kim), [3, 2, 2, 2, 3])
  })
})
