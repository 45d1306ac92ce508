import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../../test/fixtures/content-house.ts'
import type { Page } from '../../endpoint/content.ts'
import { allow } from '../../rules/allow.ts'
import { defineType } from '../define-type.ts'
import { field } from '../field.ts'

const rules = { read: allow.user, create: allow.user, update: allow.user }
const book = defineType({
  name: 'book',
  fields: {
    name: field.text({ required: true, index: true }),
    rank: field.integer({ index: true }),
    born: field.date(),
    is_new: field.boolean(),
    tags: field.tags(),
    notes: field.json(),
    secret: field.text({ private: true }),
  },
  relations: { sequels: { to: 'book', inverse: 'prequels' } },
  rules,
})
const shortNews = defineType({ name: 'short_news', plural: 'short_news', fields: { name: field.text() }, rules })

const shelf = [
  { name: 'alpha', rank: 1, born: null, tags: ['red', 'blue'], title: 'Red 100% alpha', is_new: true },
  { name: 'alpine', rank: 2, born: '2000-01-01', tags: ['red'], title: 'green', description: 'red wine_list' },
  { name: 'beta', rank: 2, born: '2000-01-02', title: 'red beta', is_new: false },
  { name: 'gamma', rank: 3, born: null, title: 'back\\slash' },
  { name: 'delta', rank: null, born: '2000-01-03', tags: ['blue'], title: 'delta', secret: 'red' },
]
const all = shelf.map((one) => one.name)

type Query = Readonly<Record<string, unknown>>

describe('a list that is asked for', () => {
  let house: ContentHouse
  before(async () => {
    house = await contentHouse([book, shortNews])
    const content = house.as(user(1))
    for (const fields of shelf) await content.create('book', fields)
    await content.create('short_news', { name: 'alpha', title: 'news' })
    for (const [id, ...related] of [
      [4, 1, 2, 3],
      [5, 4],
    ])
      await house.room.perform(
        'relations.add',
        { id, name: 'sequels', items: related.map((one) => ({ id: one })) },
        { caller: user(1) },
      )
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = async (query: Query, type = 'books'): Promise<Page> => {
    const input = type === 'objects' ? { query } : { type, query }
    return (await house.room.perform('objects.list', input, { caller: user(1) })) as Page
  }
  const names = async (query: Query, type?: string) => (await ask(query, type)).data.map((one) => one['name'])

  const found: readonly [Query, readonly string[]][] = [
    [{}, all],
    [{ filter: undefined, sort: undefined }, all],
    [{ 'filter[name]': 'alpha' }, ['alpha']],
    [{ 'filter[name]': ',alpha,beta,' }, ['alpha', 'beta']],
    [{ 'filter[name][in]': 'alpha,beta' }, ['alpha', 'beta']],
    [{ filter: { name: ['beta', 'gamma'] } }, ['beta', 'gamma']],
    [{ filter: { name: [] } }, []],
    [{ 'filter[name][ne]': 'alpha' }, ['alpine', 'beta', 'gamma', 'delta']],
    [{ 'filter[name][ne]': 'alpha,beta' }, ['alpine', 'gamma', 'delta']],
    [{ 'filter[rank][lt]': '2' }, ['alpha']],
    [{ 'filter[rank][lte]': '2' }, ['alpha', 'alpine', 'beta']],
    [{ 'filter[rank][gt]': '2' }, ['gamma']],
    [{ 'filter[rank][gte]': '2' }, ['alpine', 'beta', 'gamma']],
    [{ filter: { rank: { gt: 1, lt: 3 } } }, ['alpine', 'beta']],
    [{ filter: { rank: null } }, ['delta']],
    [{ filter: { rank: [null] } }, ['delta']],
    [{ filter: { rank: [null, 1] } }, ['alpha', 'delta']],
    [{ filter: { rank: [null, 1, 3] } }, ['alpha', 'gamma', 'delta']],
    [{ filter: { is_new: false } }, ['beta']],
    [{ 'filter[is_new]': 'true' }, ['alpha']],
    [{ 'filter[born][null]': 'true' }, ['alpha', 'gamma']],
    [{ 'filter[born][null]': 'false' }, ['alpine', 'beta', 'delta']],
    [{ filter: { born: { null: true } } }, ['alpha', 'gamma']],
    [{ filter: { born: { null: false } } }, ['alpine', 'beta', 'delta']],
    [{ 'filter[name][starts]': 'alp' }, ['alpha', 'alpine']],
    [{ 'filter[name][starts]': 'alpha' }, ['alpha']],
    [{ 'filter[name][starts]': 'b' }, ['beta']],
    [{ 'filter[tags]': 'red' }, ['alpha', 'alpine']],
    [{ 'filter[tags][in]': 'green,blue' }, ['alpha', 'delta']],
    [{ 'filter[Book.name]': 'beta' }, ['beta']],
    [{ 'filter[book.name]': 'beta' }, ['beta']],
    [{ 'filter[object_type]': 'book', 'filter[rank]': '1' }, ['alpha']],
    [{ 'filter[query]': 'red' }, ['alpha', 'alpine', 'beta']],
    [{ 'filter[query]': ' ' }, all],
    [{ 'filter[query]': '!!' }, []],
    [{ 'filter[query]': 'red beta' }, ['beta']],
    [{ 'filter[substring]': 'RED' }, ['alpha', 'alpine', 'beta']],
    [{ 'filter[substring]': '' }, all],
    [{ 'filter[substring]': '0%' }, ['alpha']],
    [{ 'filter[substring]': 'e_l' }, ['alpine']],
    [{ 'filter[substring]': 'k\\s' }, ['gamma']],
    [
      {
        'filter[name]': Array.from({ length: 99 }, (_, index) => `x${index}`)
          .join(',')
          .concat(',beta'),
      },
      ['beta'],
    ],
    [{ sort: '-name' }, ['gamma', 'delta', 'beta', 'alpine', 'alpha']],
    [{ sort: 'rank,-name' }, ['delta', 'alpha', 'beta', 'alpine', 'gamma']],
    [{ sort: '-rank,-id' }, ['gamma', 'beta', 'alpine', 'alpha', 'delta']],
    [{ sort: '-id,name' }, all.toReversed()],
    [{ sort: 'rank,born,name,title,-created' }, ['delta', 'alpha', 'alpine', 'beta', 'gamma']],
    [{ sort: '' }, all],
    [{ sort: 'relevance', 'filter[query]': 'red' }, ['beta', 'alpha', 'alpine']],
    [{ page: '2', page_size: '2' }, ['beta', 'gamma']],
    [{ page: 3, page_size: 2 }, ['delta']],
    [{ page: '1000', page_size: '100' }, []],
    [{ id: '2,1' }, ['alpine', 'alpha']],
    [{ id: [3] }, ['beta']],
    [{ id: 3 }, ['beta']],
  ]
  for (const [query, expected] of found)
    it(`${JSON.stringify(query).slice(0, 90)} finds ${expected.length}`, async () =>
      assert.deepEqual(await names(query), expected))

  it('among several types names shared fields, and own ones by their type', async () => {
    assert.deepEqual(await names({}, 'objects'), [...all, 'alpha'])
    for (const [query, expected] of [
      [{ 'filter[object_type]': 'short_news' }, ['alpha']],
      [{ 'filter[object_type]': 'short_news,book', 'filter[title]': 'news,delta' }, ['delta', 'alpha']],
      [{ 'filter[object_type][in]': 'book', 'filter[name]': 'beta' }, ['beta']],
      [{ 'filter[Book.rank]': '2' }, ['alpine', 'beta']],
      [{ 'filter[ShortNews.name]': 'alpha' }, ['alpha']],
      [{ 'filter[short_news.name]': 'alpha' }, ['alpha']],
      [{ 'filter[Book.tags]': 'blue' }, ['alpha', 'delta']],
    ] as const)
      assert.deepEqual(await names(query, 'objects'), expected, JSON.stringify(query))
  })

  it('is walked by cursor one by one in the order in which it is told whole, whatever the order', async () => {
    const orders: readonly Query[] = [
      ...['name', '-name', 'rank', '-rank', 'born', '-born', 'rank,-born', '-rank,born', 'id', '-id', 'is_new'].map(
        (sort) => ({ sort }),
      ),
      { sort: 'relevance', 'filter[query]': 'red' },
      { sort: 'relevance,-name', 'filter[query]': 'red' },
      { sort: '-rank,relevance', 'filter[query]': 'red' },
      {},
    ]
    for (const query of orders) {
      const walked: unknown[] = []
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await ask({ ...query, page_size: '1', ...(cursor === undefined ? {} : { cursor }) })
        walked.push(...page.data.map((one) => one['name']))
        cursor = page.paging.next
        assert.ok(walked.length <= 5)
      }
      assert.deepEqual(walked, await names(query), JSON.stringify(query))
    }
  })

  it('tells the fields it was asked for, in their order, and always which object it is', async () => {
    const keys = async (query: Query) => Object.keys((await ask({ ...query, id: '1' })).data[0] ?? {})
    assert.deepEqual(await keys({ fields: 'rank,title' }), ['id', 'object_type', 'title', 'rank'])
    assert.deepEqual(await keys({ fields: '' }), await keys({}))
    assert.equal((await keys({})).includes('secret'), false)
  })

  it('counts to the end only where that is asked for, and fits in a page of a hundred', async () => {
    const { paging } = await ask({ count: 'exact', page_size: '100' })
    assert.deepEqual([paging.total, paging.total_is, paging.page_size, paging.page], [5, 'exact', 100, 1])
    assert.equal((await ask({})).paging.page_size, 20)
  })

  it('embeds as many objects as fit in the largest page', async () => {
    const shown = async (query: Query): Promise<unknown> => {
      const { relations } = (await ask({ 'filter[name]': 'gamma', ...query })).data[0] as {
        relations?: Record<string, { objects: { name: string }[] }>
      }
      return Object.entries(relations ?? {}).map(([name, { objects }]) => [name, ...objects.map((one) => one.name)])
    }
    for (const [embed, expected] of [
      ['', []],
      ['sequels', [['sequels', 'alpha']]],
      ['sequels|', [['sequels', 'alpha']]],
      [
        'sequels|2,prequels',
        [
          ['sequels', 'alpha', 'alpine'],
          ['prequels', 'delta'],
        ],
      ],
      ['sequels|4', [['sequels', 'alpha', 'alpine', 'beta']]],
    ] as const) {
      assert.deepEqual(await shown({ 'embed[relations]': embed }), expected, embed)
      assert.deepEqual(await shown({ embed: { relations: embed } }), expected, embed)
    }
    assert.deepEqual(await shown({ 'embed[relations]': 'sequels|99', page_size: '1' }), [
      ['sequels', 'alpha', 'alpine', 'beta'],
    ])
    const other = { 'embed[relations]': 'sequels|49', 'filter[name]': undefined }
    assert.deepEqual(await shown({ ...other, id: '4,1' }), [['sequels', 'alpha', 'alpine', 'beta']])
    await assert.rejects(shown({ ...other, id: '4,1,2' }), /more than 100 objects/)
  })

  it('finds by what an object is tied to, and refuses what is no tie', async () => {
    for (const [query, expected] of [
      [{ 'filter[sequels]': '1' }, ['gamma']],
      [{ 'filter[sequels]': '1,4' }, ['gamma', 'delta']],
      [{ 'filter[sequels][in]': '2' }, ['gamma']],
      [{ 'filter[prequels]': '4' }, ['alpha', 'alpine', 'beta']],
      [{ 'filter[sequels][within]': '4' }, ['delta']],
      [{ 'filter[sequels]': '5' }, []],
      [{ 'filter[parent]': '1' }, []],
      [{ 'filter[ancestor]': '1' }, []],
    ] as const)
      assert.deepEqual(await names(query), expected, JSON.stringify(query))
  })
})
