import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { anonymous } from '../endpoint/caller.ts'
import type { Content, ListQuery } from '../endpoint/content.ts'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'

async function names(content: Content, query: ListQuery = {}): Promise<unknown[]> {
  return (await content.list('cards', { sort: 'id', ...query })).data.map((one) => one['name'])
}

describe('rows by rule', () => {
  let house: ContentHouse
  let tom: Content
  let ann: Content
  let club: Content

  before(async () => {
    house = await contentHouse()
    tom = house.as(user(1))
    ann = house.as(user(2))
    club = house.as(user(3, 'club'))
  })
  after(() => house[Symbol.asyncDispose]())

  before(async () => {
    await tom.create('card', { name: 'Tom', readers: { users: [2] } })
    await tom.create('card', { name: 'Toms secret' })
    await ann.create('card', { name: 'Ann', readers: { roles: ['club'] } })
  })

  test('a list, its total and a search hold only what the caller may see', async () => {
    assert.deepEqual(await names(tom), ['Tom', 'Toms secret'])
    assert.deepEqual(await names(ann), ['Tom', 'Ann'])
    assert.deepEqual(await names(club), ['Ann'])
    assert.equal((await ann.list('card')).paging.total, 2)
    assert.equal((await ann.list('card', { page_size: 1, count: 'exact' })).paging.total, 2)
    assert.deepEqual(await names(ann, { filter: { name: 'Tom,Toms secret' } }), ['Tom'])
    assert.deepEqual(
      (await ann.list('objects')).data.map((one) => one['name']),
      ['Tom', 'Ann'],
    )
  })

  test('what may not be seen is not found, by id or slug, to read or to change', async () => {
    const foreign = (await tom.list('card', { filter: { name: 'Toms secret' } })).data[0]
    assert.ok(foreign)
    assert.equal(await ann.read('card', foreign.id), null)
    assert.equal(await ann.read('objects', String(foreign['slug'])), null)
    await assert.rejects(ann.update('card', foreign.id, { name: 'x' }), { code: 'NOT_FOUND' })
    await assert.rejects(ann.trash('card', foreign.id), { code: 'NOT_FOUND' })
    assert.equal((await tom.read('card', foreign.id))?.['name'], 'Toms secret')
  })

  test('what may be seen but not changed is 403, and stays as it was', async () => {
    const shown = (await ann.list('card', { filter: { name: 'Tom' } })).data[0]
    assert.ok(shown)
    await assert.rejects(ann.update('card', shown.id, { name: 'mine now' }), { code: 'FORBIDDEN' })
    await assert.rejects(tom.trash('card', shown.id), { code: 'FORBIDDEN' })
    assert.equal((await tom.read('card', shown.id))?.['name'], 'Tom')
  })

  test('an access list that changes changes who sees', async () => {
    const mine = (await ann.list('card', { filter: { name: 'Ann' } })).data[0]
    assert.ok(mine)
    await ann.update('card', mine.id, { readers: { users: [1], roles: [] } })
    assert.deepEqual(await names(club), [])
    assert.deepEqual(await names(tom), ['Tom', 'Toms secret', 'Ann'])
    await ann.update('card', mine.id, { readers: { roles: ['club'] } })
  })

  test('strangers get 401, and a type without a rule is not activated', async () => {
    const stranger = house.as(anonymous)
    await assert.rejects(stranger.list('card'), { code: 'UNAUTHENTICATED' })
    assert.deepEqual((await stranger.list('objects')).data, [])
    await assert.rejects(stranger.create('card', { name: 'x' }), { code: 'UNAUTHENTICATED' })
    await assert.rejects(tom.list('note'), { code: 'NOT_ACTIVATED' })
    await assert.rejects(tom.create('note', {}), { code: 'NOT_ACTIVATED' })
    const note = await house.system.create('note', { text: 'unruled' })
    assert.equal(await tom.read('objects', note.id), null)
    assert.ok(!(await tom.list('objects')).data.some((one) => one.id === note.id))
  })

  test('a rule on the row is asked of the new row, and a refusal leaves nothing', async () => {
    const editor = house.as(user(9, 'editor'))
    await assert.rejects(editor.create('page', { title: 'Public at once' }), { code: 'FORBIDDEN' })
    assert.equal((await editor.list('page')).paging.total, 0)
    const draft = await editor.create('page', { title: 'Draft', status: 'draft' })
    assert.equal(await house.as(anonymous).read('page', draft.id), null)
    await editor.update('page', draft.id, { status: 'on' })
    assert.equal((await house.as(anonymous).read('page', draft.id))?.['title'], 'Draft')
    await editor.update('page', draft.id, { published_from: '2999-01-01T00:00:00Z' })
    assert.equal(await house.as(anonymous).read('page', draft.id), null)
  })
})
