import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Content } from '../endpoint/content.ts'
import { anonymous } from '../endpoint/caller.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'

const rules = { read: allow.everyone, create: allow.user, update: allow.owner() }
const article = defineType({
  name: 'article',
  fields: {
    body: field.richText({ localized: true }),
    code: field.text(),
    note: field.text({ localized: true, private: true }),
  },
  rules,
})

describe('translations', () => {
  let house: ContentHouse
  let kim: Content
  let stranger: Content
  let id: number

  before(async () => {
    house = await contentHouse([article])
    kim = house.as(user(1))
    stranger = house.as(anonymous)
    const translations = { it: { title: 'Casa', body: '<p>grande</p>', note: 'segreto' }, 'pt-BR': { title: 'Lar' } }
    id = (await kim.create('article', { title: 'House', body: 'big', code: 'c', lang: 'en', translations })).id
    await kim.create('article', { title: 'Tree', lang: 'en' })
  })
  after(() => house[Symbol.asyncDispose]())

  test('are read with lang, and where there is none the text is the original', async () => {
    const italian = await stranger.read('article', id, { lang: 'it' })
    assert.deepEqual(
      [italian?.['title'], italian?.['body'], italian?.['lang'], italian?.['code']],
      ['Casa', '<p>grande</p>', 'it', 'c'],
    )
    const brazilian = await stranger.read('article', id, { lang: 'pt-BR' })
    assert.deepEqual([brazilian?.['title'], brazilian?.['body']], ['Lar', 'big'])
    assert.equal((await stranger.read('article', id))?.['title'], 'House')
    const list = await stranger.list('article', { lang: 'it', fields: 'title' })
    assert.deepEqual(
      list.data.map((one) => one['title']),
      ['Casa', 'Tree'],
    )
    assert.deepEqual(
      (await stranger.list('objects', { lang: 'it' })).data.map((one) => one['lang']),
      ['it', 'en'],
    )
    for (const lang of ["it'", 'x', '*', '../it'])
      await assert.rejects(stranger.read('article', id, { lang }), { code: 'BAD_QUERY_VALUE' })
  })

  test('show no private field, and are found by their words', async () => {
    const all = await stranger.perform('translations.read', { id })
    assert.deepEqual(all, { it: { title: 'Casa', body: '<p>grande</p>' }, 'pt-BR': { title: 'Lar' } })
    assert.ok(!JSON.stringify(await stranger.read('article', id, { lang: 'it' })).includes('segreto'))
    const found = async (query: string): Promise<number> =>
      (await stranger.list('article', { filter: { query } })).paging.total
    assert.deepEqual([await found('casa'), await found('grande'), await found('segreto')], [1, 1, 0])
  })

  test('change by language, and go with null', async () => {
    await kim.update('article', id, { translations: { it: { title: 'Dimora' }, 'pt-BR': null } })
    assert.deepEqual(await stranger.perform('translations.read', { id }), {
      it: { title: 'Dimora', body: '<p>grande</p>' },
    })
    assert.equal((await stranger.list('article', { filter: { query: 'casa' } })).paging.total, 0)
    await assert.rejects(house.as(user(2)).update('article', id, { translations: { it: { title: 'x' } } }), {
      code: 'FORBIDDEN',
    })
  })

  test('refuse what is not localized, not a language or does not fit', async () => {
    const write = (translations: unknown): Promise<unknown> => kim.update('article', id, { translations })
    await assert.rejects(write({ it: { code: 'x' } }), { code: 'UNKNOWN_FIELD' })
    await assert.rejects(write({ it: { owner: 1 } }), { code: 'UNKNOWN_FIELD' })
    await assert.rejects(write({ '; drop': { title: 'x' } }), { code: 'INVALID' })
    await assert.rejects(write({ it: { title: 7 } }), { code: 'INVALID' })
    await assert.rejects(write({ it: 'x' }), { code: 'INVALID' })
    await assert.rejects(write('it'), { code: 'INVALID' })
    assert.equal((await stranger.read('article', id, { lang: 'it' }))?.['title'], 'Dimora')
  })
})
