import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Content, ListQuery } from '../endpoint/content.ts'
import { anonymous } from '../endpoint/caller.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'
import { reindex } from './reindex.ts'
import { createContentRoom, schemaOf } from './room.ts'
import { contentFor } from './content-for.ts'
import { soughtWords, wordsOf } from './words.ts'

const rules = {
  read: allow.any(allow.where({ status: 'on' }), allow.owner()),
  create: allow.user,
  update: allow.owner(),
  delete: allow.owner(),
}
const book = defineType({
  name: 'book',
  fields: { author: field.text(), text: field.richText(), note: field.text({ private: true }) },
  rules,
})

describe('searching', () => {
  let house: ContentHouse
  let kim: Content
  let stranger: Content

  before(async () => {
    house = await contentHouse([book])
    kim = house.as(user(1))
    stranger = house.as(anonymous)
    await kim.create('book', {
      title: 'Café Müller',
      author: 'Pina',
      text: '<p class="hidden">Dancing <b>slow</b>ly</p>',
      note: 'confidential',
    })
    await kim.create('book', { title: 'Müller and sons', description: 'a café', author: 'ПУШКИН' })
    await kim.create('book', { title: '東京物語', text: 'Tokyo' })
    await kim.create('book', { title: 'Draft of a café', status: 'draft' })
  })
  after(() => house[Symbol.asyncDispose]())

  async function titles(query: string, more: ListQuery = {}, content = stranger): Promise<unknown[]> {
    return (await content.list('book', { ...more, filter: { query } })).data.map((one) => one['title'])
  }

  test('folds accents and case, and wants every word', async () => {
    assert.deepEqual(await titles('cafe'), ['Café Müller', 'Müller and sons'])
    assert.deepEqual(await titles('MULLER café'), ['Café Müller', 'Müller and sons'])
    assert.deepEqual(await titles('muller sons'), ['Müller and sons'])
    assert.deepEqual(await titles('dancing pina'), ['Café Müller'])
    assert.deepEqual(await titles('danc'), [])
    assert.deepEqual(await titles('danc*'), ['Café Müller'])
    assert.deepEqual(await titles('пушкин'), ['Müller and sons'])
    assert.deepEqual(await titles('東京'), ['東京物語'])
  })

  test('V08 finds nothing by markup or private fields, and counts only what may be seen', async () => {
    assert.deepEqual(await titles('hidden'), [])
    assert.deepEqual(await titles('confidential', {}, kim), [])
    assert.equal((await stranger.list('book', { filter: { query: 'cafe' } })).paging.total, 2)
    assert.equal((await kim.list('book', { filter: { query: 'cafe' } })).paging.total, 3)
  })

  test('sorts by relevance, and goes on by cursor', async () => {
    assert.deepEqual(await titles('cafe', { sort: 'relevance' }), ['Café Müller', 'Müller and sons'])
    assert.deepEqual(await titles('muller', { sort: 'relevance,-id' }), ['Müller and sons', 'Café Müller'])
    const whole = await titles('cafe', { sort: 'relevance' }, kim)
    const first = await kim.list('book', { filter: { query: 'cafe' }, sort: 'relevance', page_size: 2 })
    const rest = await kim.list('book', {
      filter: { query: 'cafe' },
      sort: 'relevance',
      page_size: 2,
      cursor: first.paging.next ?? '',
    })
    assert.deepEqual(
      [...first.data, ...rest.data].map((one) => one['title']),
      whole,
    )
    assert.ok(!('@relevance' in (first.data[0] ?? {})))
    await assert.rejects(stranger.list('book', { sort: 'relevance' }), { code: 'BAD_QUERY_VALUE' })
  })

  test('V80 odd input is never an error', async () => {
    for (const odd of [
      '"',
      "'",
      '***',
      'AND',
      'OR NOT',
      'NEAR(a b)',
      'title:x',
      '(((',
      '^',
      '-',
      'a"b',
      ':*',
      '\\',
      '%',
      '😀',
      '\u0301',
      '  ',
      "'; drop table objects; --",
    ]) {
      await titles(odd)
    }
    assert.deepEqual(await titles('***'), [])
    assert.equal((await titles('')).length, 3)
    await assert.rejects(titles('x'.repeat(501)), { code: 'BAD_QUERY_VALUE' })
  })

  test('a part of the title, as it is written', async () => {
    const parts = async (substring: string): Promise<unknown[]> =>
      (await stranger.list('book', { filter: { substring } })).data.map((one) => one['title'])
    assert.deepEqual(await parts('LLER and'), ['Müller and sons'])
    assert.deepEqual(await parts('%'), [])
    assert.deepEqual(await parts('_'), [])
    assert.deepEqual(await parts('ns'), ['Müller and sons'])
    assert.deepEqual(await parts('ü'), ['Café Müller', 'Müller and sons'])
    assert.deepEqual(await parts('Ü'), [], 'only plain letters lose their case')
    assert.deepEqual(await parts('Müller and sons '), [])
    assert.deepEqual(await parts('sons and Müller'), [], 'all pieces of it, but not the text')
    assert.equal((await parts('')).length, 3)
  })

  test('follows changes, the trash and purging', async () => {
    const made = await kim.create('book', { title: 'Ephemera' })
    await kim.update('book', made.id, { author: 'Somebody' })
    assert.deepEqual(await titles('ephemera somebody'), ['Ephemera'])
    await kim.update('book', made.id, { title: 'Lasting' })
    assert.deepEqual(await titles('ephemera'), [])
    const parts = async (substring: string) => (await kim.list('book', { filter: { substring } })).data.length
    assert.deepEqual([await parts('pheme'), await parts('astin')], [0, 1])
    await kim.perform('objects.purge', { id: made.id })
    assert.deepEqual(await titles('lasting'), [])
  })

  test('V25 a field that is made private is found no more', async () => {
    await reindex(house.store, [book])
    assert.deepEqual(await reindex(house.store, [book]), [])
    const closed = defineType({
      ...book,
      name: 'book',
      fields: { ...book.fields, author: field.text({ private: true }) },
      rules,
    } as never)
    await house.store.migrate([schemaOf([closed])])
    assert.deepEqual(await reindex(house.store, [closed]), [{ type: 'book', objects: 4 }])
    const room = createContentRoom({ types: [closed], read: house.store.read, write: house.store.write })
    const found = await contentFor(room, { caller: user(1) }).list('book', { filter: { query: 'pina' } })
    assert.deepEqual(found.data, [])
  })
})

test('words are plain letters and digits, whatever the script', () => {
  assert.deepEqual(wordsOf('Éléphant-rose 12ª Straße ﬁn'), ['elephant', 'rose', '12a', 'strasse', 'fin'])
  assert.deepEqual(soughtWords(' foo  Foo* bar.baz '), 'foo foo* bar baz')
  for (const word of wordsOf('мир 日本 ข้อ ع ½ ①')) assert.match(word, /^[a-z0-9]+$/)
})
