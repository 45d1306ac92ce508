import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { contentHouse, user } from '../../test/fixtures/content-house.ts'
import type { Content, ListQuery } from '../endpoint/content.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { markOf } from './mark.ts'

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
      { filter: { query: 'lee' } },
    ]
    const totals = (content: Content) => Promise.all(queries.map((query) => total(content, query)))
    assert.deepEqual(await totals(house.system), [9, 7, 6, 7, 9, 6])
    assert.deepEqual(await totals(lee), [6, 5, 4, 5, 6, 6])
    assert.deepEqual(await totals(kim), [3, 2, 2, 2, 3, 0])
    const gone = (await lee.list('cards', { filter: { name: 'lee 5' } })).data[0]
    await house.system.trash('card', gone?.id ?? 0)
    assert.deepEqual(await totals(house.system), [8, 6, 5, 6, 8, 5])
    assert.deepEqual(await totals(lee), [5, 4, 3, 4, 5, 5])
    assert.deepEqual(await totals(kim), [3, 2, 2, 2, 3, 0])
  })

  test('of words are those of the type, whatever other types hold and whoever shares its mark', async () => {
    const [one, other] = sameMark()
    const types = [one, other, 'apart'].map((name) => defineType({ name, rules: { read: allow.everyone } }))
    await using house = await contentHouse(types)
    const ids: number[] = []
    for (const type of types) {
      for (let at = 0; at < 3; at += 1) ids.push((await house.system.create(type.name, { title: `lamp ${at}` })).id)
    }
    const lamps = async (name: string, query = 'lamp'): Promise<number> =>
      (await house.system.list(name, { filter: { query }, page_size: 1 })).paging.total
    const totals = (): Promise<number[]> =>
      Promise.all([...types.map(({ name }) => name), 'objects'].map((name) => lamps(name)))
    assert.deepEqual(await totals(), [3, 3, 3, 9])
    assert.deepEqual(await Promise.all(types.map(({ name }) => lamps(name, 'la* 1'))), [1, 1, 1])
    await house.system.trash('apart', ids.at(-1) ?? 0)
    await house.system.trash(one, ids[0] ?? 0)
    assert.deepEqual(await totals(), [2, 3, 2, 7])
  })
})

/** Two names with one mark. */
function sameMark(): readonly [string, string] {
  const known = new Map<string, string>()
  for (let number = 0; ; number += 1) {
    const name = `kind_${number.toString(36)}`
    const other = known.get(markOf(name))
    if (other !== undefined) return [other, name]
    known.set(markOf(name), name)
  }
}
