import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../../test/fixtures/content-house.ts'
import type { Page } from '../../endpoint/content.ts'
import { allow } from '../../rules/allow.ts'
import { defineType } from '../define-type.ts'
import { field } from '../field.ts'

const step = defineType({
  name: 'step',
  fields: { rank: field.integer() },
  rules: { read: allow.user, create: allow.user },
})

describe('a cursor', () => {
  let house: ContentHouse
  before(async () => {
    house = await contentHouse([step])
    for (const rank of [1, 2, 3]) await house.as(user(1)).create('step', { rank })
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = async (cursor: string | undefined, sort = 'rank'): Promise<Page> => {
    const query = { sort, page_size: '1', ...(cursor === undefined ? {} : { cursor }) }
    return (await house.room.perform('objects.list', { type: 'steps', query }, { caller: user(1) })) as Page
  }

  it('V06 that somebody wrote into is refused, and the one that was given goes on', async () => {
    const next = String((await ask(undefined)).paging.next)
    const [list, rank, id] = JSON.parse(Buffer.from(next, 'base64url').toString()) as [string, number, number]
    assert.deepEqual([rank, id], [1, 1])
    const forged: readonly unknown[] = [
      [list, { a: 1 }, id],
      [list, 'one', id],
      [list, rank, 'x'],
      [list, rank, null],
      [list, rank],
      [list, rank, id, 1],
      ['x', rank, id],
      [],
      {},
      'x',
      7,
      null,
    ]
    for (const value of forged) {
      const cursor = Buffer.from(JSON.stringify(value)).toString('base64url')
      await assert.rejects(ask(cursor), { code: 'BAD_QUERY_VALUE' }, JSON.stringify(value))
    }
    for (const cursor of [`${next}=`, `${next} `, `!${next}`, '', 'W10', Buffer.from('[').toString('base64url')])
      await assert.rejects(ask(cursor), { code: 'BAD_QUERY_VALUE' }, cursor)
    await assert.rejects(ask(next, '-rank'), { code: 'BAD_QUERY_VALUE' })
    assert.equal((await ask(next)).data[0]?.['rank'], 2)
    const elsewhere = Buffer.from(JSON.stringify([list, null, id])).toString('base64url')
    assert.equal((await ask(elsewhere)).data[0]?.['rank'], 1, 'an absent value comes before all')
  })
})
