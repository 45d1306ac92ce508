import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Content } from '../endpoint/content.ts'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'

describe('writing', () => {
  let house: ContentHouse
  let kim: Content

  before(async () => {
    house = await contentHouse()
    kim = house.as(user(20))
  })
  after(() => house[Symbol.asyncDispose]())

  test('a created object has its defaults, its owner and a slug, and shows no private field', async () => {
    const made = await kim.create('card', { name: 'Kim', title: 'Élan Vital!', secret: 'hush' })
    assert.deepEqual(
      {
        owner: made['owner'],
        slug: made['slug'],
        rank: made['rank'],
        version: made['version'],
        status: made['status'],
      },
      { owner: 20, slug: 'elan-vital', rank: 1, version: 1, status: 'on' },
    )
    assert.ok(!('secret' in made) && !JSON.stringify(await kim.read('card', made.id)).includes('hush'))
  })

  test('refuses unknown and server-owned fields by name', async () => {
    for (const wrong of ['nmae', 'id', 'owner', 'version', 'created', 'trashed', '__proto_', 'constructor']) {
      await assert.rejects(kim.create('card', { name: 'x', [wrong]: 1 }), { code: 'UNKNOWN_FIELD' }, wrong)
    }
    assert.equal((await kim.list('card', { filter: { name: 'x' } })).paging.total, 0)
  })

  test('refuses what does not fit, with the place of each misfit', async () => {
    const wrong = kim.create('card', { rank: -1, born: '2026-02-30', name: 'x'.repeat(51), readers: { users: ['me'] } })
    await assert.rejects(wrong, (thrown: { code: string; errors: { path: string }[] }) => {
      assert.equal(thrown.code, 'INVALID')
      assert.deepEqual(thrown.errors.map((one) => one.path).toSorted(), [
        'body.born',
        'body.name',
        'body.rank',
        'body.readers',
      ])
      return true
    })
    await assert.rejects(kim.create('card', {}), { code: 'INVALID' })
    for (const value of [{ $ne: null }, ['x'], 1, true, 'a\u0000b', '\ud800', '']) {
      await assert.rejects(kim.create('card', { name: value }), { code: 'INVALID' })
    }
  })

  test('a taken unique value is 409 and names the field', async () => {
    await kim.create('card', { name: 'a', code: 'same', slug: 'my-slug' })
    await assert.rejects(kim.create('card', { name: 'b', code: 'same' }), {
      code: 'CONFLICT',
      errors: [{ path: 'code', message: 'is already taken' }],
    })
    await assert.rejects(kim.create('card', { name: 'b', slug: 'my-slug' }), { code: 'CONFLICT' })
    assert.equal((await kim.list('card', { filter: { name: 'b' } })).paging.total, 0)
  })

  test('a stale version is 412 and changes nothing; changes add up', async () => {
    const made = await kim.create('card', { name: 'v' })
    const changed = await kim.update('card', made.id, { name: 'v2', version: 1 })
    assert.equal(changed['version'], 2)
    await assert.rejects(kim.update('card', made.id, { name: 'v3', version: 1 }), { code: 'STALE' })
    assert.equal((await kim.read('card', made.id))?.['name'], 'v2')
  })

  test('a reference must lead to an object of its type that may be seen', async () => {
    const friend = await kim.create('card', { name: 'friend' })
    const made = await kim.create('card', { name: 'has friend', friend: friend.id })
    assert.equal(made['friend'], friend.id)
    const foreign = await house.as(user(21)).create('card', { name: 'foreign' })
    for (const id of [999_999, foreign.id]) {
      await assert.rejects(kim.create('card', { name: 'y', friend: id }), {
        code: 'INVALID',
        errors: [{ path: 'body.friend', message: 'must be the id of an existing card' }],
      })
    }
  })

  test('several are created together or not at all', async () => {
    const items = [
      { type: 'card', fields: { name: 'batch', code: 'b1' } },
      { type: 'card', fields: { name: 'batch', code: 'b1' } },
    ]
    await assert.rejects(kim.perform('objects.create', { items }), { code: 'CONFLICT' })
    assert.equal((await kim.list('card', { filter: { name: 'batch' } })).paging.total, 0)
    const done = await kim.perform('objects.create', { items: items.slice(0, 1) })
    assert.equal((done as unknown[]).length, 1)
  })

  test('the trash hides, restores and forgets', async () => {
    const admin = house.as(user(30, 'admin'))
    const made = await admin.create('card', { name: 'bin' })
    await admin.trash('card', made.id)
    assert.equal(await admin.read('card', made.id), null)
    assert.equal((await admin.list('card', { filter: { name: 'bin' } })).paging.total, 0)
    await assert.rejects(kim.perform('objects.restore', { id: made.id }), { code: 'NOT_FOUND' })
    await admin.perform('objects.restore', { id: made.id })
    assert.equal((await admin.read('card', made.id))?.['name'], 'bin')
    await admin.perform('objects.purge', { id: made.id })
    await assert.rejects(admin.perform('objects.restore', { id: made.id }), { code: 'NOT_FOUND' })
  })
})
