import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../../test/fixtures/content-house.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { defineType } from '../define-type.ts'
import { field } from '../field.ts'

const rules = { read: allow.user }
const book = defineType({
  name: 'book',
  fields: {
    name: field.text({ required: true }),
    rank: field.integer(),
    born: field.date(),
    tags: field.tags(),
    notes: field.json(),
    secret: field.text({ private: true }),
  },
  relations: { sequels: { to: 'book' } },
  rules,
})
const shortNews = defineType({ name: 'short_news', plural: 'short_news', fields: { name: field.text() }, rules })

type Query = Readonly<Record<string, unknown>>

describe('a list that makes no sense', () => {
  let house: ContentHouse
  before(async () => {
    house = await contentHouse([book, shortNews])
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = (query: Query, type = 'books'): Promise<unknown> => {
    const input = type === 'objects' ? { query } : { type, query }
    return house.room.perform('objects.list', input, { caller: user(1) })
  }

  const a = 'alpha'
  const refused: readonly [Query, string, RegExp, string?][] = [
    [{ 'filter[tags][gt]': 'x' }, 'UNKNOWN_QUERY', /"gt" is not an operator; there are eq, ne/],
    [{ 'filter[name][like]': 'x' }, 'UNKNOWN_QUERY', /"like" is not an operator/],
    [{ 'filter[rank][gt]': '1,2' }, 'BAD_QUERY_VALUE', /filter\[rank\]\[gt\]: takes exactly one value/],
    [{ filter: { rank: { gt: null } } }, 'BAD_QUERY_VALUE', /takes exactly one value/],
    [{ filter: { rank: { gt: [] } } }, 'BAD_QUERY_VALUE', /takes exactly one value/],
    [{ 'filter[rank]': 'two' }, 'BAD_QUERY_VALUE', /query\.filter\[rank\]: /],
    [{ filter: { rank: { $gt: 1 } } }, 'UNKNOWN_QUERY', /"\$gt"/],
    [{ filter: { name: [{}] } }, 'BAD_QUERY_VALUE', /query\.filter\[name\]: /],
    [{ 'filter[nam]': a }, 'UNKNOWN_QUERY', /Did you mean filter\[name\]\?$/],
    [{ 'filter[nam][gt]': a }, 'UNKNOWN_QUERY', /"filter\[nam\]\[gt\]"/],
    [{ 'filter[titl]': a }, 'UNKNOWN_QUERY', /Did you mean filter\[title\]\?$/, 'objects'],
    [{ 'filter[nam]': a }, 'UNKNOWN_QUERY', /by "filter\[nam\]"\.$/, 'objects'],
    [{ 'filter[name]': a }, 'UNKNOWN_QUERY', /by "filter\[name\]"\.$/, 'objects'],
    [{ 'filter[zzzzzzzz]': a }, 'UNKNOWN_QUERY', /by "filter\[zzzzzzzz\]"\.$/],
    [{ 'filter[secret]': a }, 'UNKNOWN_QUERY', /by "filter\[secret\]"\.$/],
    [{ 'filter[notes]': a }, 'UNKNOWN_QUERY', /filter\[notes\]/],
    [{ 'filter[Book.secret]': a }, 'UNKNOWN_QUERY', /filter\[Book\.secret\]/],
    [{ 'filter[Book.title]': a }, 'UNKNOWN_QUERY', /filter\[Book\.title\]/],
    [{ 'filter[bOOK.name]': a }, 'UNKNOWN_QUERY', /filter\[bOOK\.name\]/, 'objects'],
    [{ 'filter[Nothing.name]': a }, 'UNKNOWN_QUERY', /filter\[Nothing\.name\]/, 'objects'],
    [{ 'filter[born][null]': 'maybe' }, 'BAD_QUERY_VALUE', /must be true or false/],
    [{ 'filter[name][starts]': '' }, 'BAD_QUERY_VALUE', /must be text/],
    [{ filter: { name: { starts: 7 } } }, 'BAD_QUERY_VALUE', /must be text/],
    [{ 'filter[query][gt]': a }, 'UNKNOWN_QUERY', /filter\[query\]/],
    [{ filter: { query: 7 } }, 'BAD_QUERY_VALUE', /must be text/],
    [{ filter: { substring: 7 } }, 'BAD_QUERY_VALUE', /must be text/],
    [{ 'filter[query]': 'x'.repeat(501) }, 'BAD_QUERY_VALUE', /shorter than 500/],
    [{ 'filter[name]': Array.from({ length: 101 }, () => 'x').join(',') }, 'BAD_QUERY_VALUE', /at most 100 values/],
    [{ 'filter[a][b][c]': a }, 'UNKNOWN_QUERY', /is not a filter; write filter\[field\]/],
    [{ filter: a }, 'BAD_QUERY_VALUE', /must name fields/],
    [{ filter: [a] }, 'BAD_QUERY_VALUE', /must name fields/],
    [{ 'filter[object_type][gt]': 'book' }, 'UNKNOWN_QUERY', /filter\[object_type\]\[gt\]/],
    [{ 'filter[object_type]': 'short_news' }, 'BAD_QUERY_VALUE', /"short_news" is not an object type here/],
    [{ sort: 7 }, 'BAD_QUERY_VALUE', /must be text/],
    [{ sort: 'rank,born,name,title,created,modified' }, 'BAD_QUERY_VALUE', /at most 5 fields/],
    [{ sort: 'name,-name' }, 'BAD_QUERY_VALUE', /names a field twice/],
    [{ sort: 'nam' }, 'BAD_QUERY_VALUE', /sort by "nam"\. Did you mean "name"\?$/],
    [{ sort: 'zzzzzzzz' }, 'BAD_QUERY_VALUE', /sort by "zzzzzzzz"\.$/],
    [{ sort: 'titl' }, 'BAD_QUERY_VALUE', /Did you mean "title"\?$/, 'objects'],
    [{ sort: 'tags' }, 'BAD_QUERY_VALUE', /sort by "tags"/],
    [{ sort: 'secret' }, 'BAD_QUERY_VALUE', /sort by "secret"/],
    [{ sort: 'relevance' }, 'BAD_QUERY_VALUE', /sort by "relevance"/],
    [{ fields: 7 }, 'BAD_QUERY_VALUE', /must be text/],
    [{ fields: 'nam' }, 'BAD_QUERY_VALUE', /no field "nam"\. Did you mean "name"\?$/],
    [{ fields: 'zzzzzzzz' }, 'BAD_QUERY_VALUE', /no field "zzzzzzzz"\.$/],
    [{ fields: 'name' }, 'BAD_QUERY_VALUE', /no field "name"/, 'objects'],
    [{ fields: 'secret' }, 'BAD_QUERY_VALUE', /no field "secret"/],
    [{ page: '0' }, 'BAD_QUERY_VALUE', /whole number from 1/],
    [{ page: 1.5 }, 'BAD_QUERY_VALUE', /whole number from 1/],
    [{ page: '1001', page_size: '100' }, 'BAD_QUERY_VALUE', /pages end at 100000/],
    [{ page_size: '101' }, 'BAD_QUERY_VALUE', /at most 100/],
    [{ count: 'all' }, 'BAD_QUERY_VALUE', /must be exact/],
    [{ cursor: 7 }, 'BAD_QUERY_VALUE', /must be text/],
    [{ cursor: 'x', page: '1' }, 'BAD_QUERY_VALUE', /goes without page/],
    [{ cursor: 'x' }, 'BAD_QUERY_VALUE', /not a cursor of this list/],
    [{ id: Array.from({ length: 101 }, (_, index) => index + 1).join(',') }, 'BAD_QUERY_VALUE', /at most 100/],
    [{ id: '0' }, 'BAD_QUERY_VALUE', /must be ids/],
    [{ id: '1', sort: 'name' }, 'BAD_QUERY_VALUE', /query\.sort: goes without id/],
    [{ id: '1', page: '1' }, 'BAD_QUERY_VALUE', /query\.page: goes without id/],
    [{ id: '1', page_size: '1' }, 'BAD_QUERY_VALUE', /query\.page_size: goes without id/],
    [{ id: '1', cursor: 'x' }, 'BAD_QUERY_VALUE', /query\.cursor: goes without id/],
    [{ id: '1', count: 'exact' }, 'BAD_QUERY_VALUE', /query\.count: goes without id/],
    [{ id: '1,,2' }, 'BAD_QUERY_VALUE', /must be ids/],
    [{ id: [1, 0] }, 'BAD_QUERY_VALUE', /must be ids/],
    [{ id: 1.5 }, 'BAD_QUERY_VALUE', /must be ids/],
    [{ pag: '1' }, 'UNKNOWN_QUERY', /Did you mean "page"\?$/],
    [{ zzzzzzzz: '1' }, 'UNKNOWN_QUERY', /not a query name of a list\.$/],
    [{ embed: 'x' }, 'BAD_QUERY_VALUE', /query\.embed: must name relations/],
    [{ embed: null }, 'BAD_QUERY_VALUE', /query\.embed: must name relations/],
    [{ embed: { relations: 'sequels', other: 1 } }, 'BAD_QUERY_VALUE', /can only name relations/],
    [{ 'embed[relations]': 7 }, 'BAD_QUERY_VALUE', /must be text such as/],
    [{ 'embed[relations]': 'Sequels' }, 'BAD_QUERY_VALUE', /must be text such as/],
    [{ 'embed[relations]': 'sequels,sequels' }, 'BAD_QUERY_VALUE', /names a relation twice/],
    [{ 'embed[relations]': 'sequels|0' }, 'BAD_QUERY_VALUE', /at least one object/],
    [{ 'embed[relations]': 'sequels|5' }, 'BAD_QUERY_VALUE', /more than 100 objects/],
    [{ 'filter[sequels][gt]': '1' }, 'UNKNOWN_QUERY', /filter\[sequels\]\[gt\]/],
    [{ 'filter[parent][within]': '1' }, 'UNKNOWN_QUERY', /filter\[parent\]\[within\]/],
    [{ 'filter[sequels]': 'x' }, 'BAD_QUERY_VALUE', /query\.filter\[sequels\]: /],
  ]
  for (const [query, code, message, type] of refused)
    it(`${JSON.stringify(query).slice(0, 90)} is refused, ${type ?? 'books'}`, async () => {
      const thrown = await ask(query, type).then(
        () => assert.fail('was answered'),
        (reason: unknown) => reason,
      )
      assert.ok(thrown instanceof PosternError, String(thrown))
      assert.equal(thrown.code, code)
      assert.match(thrown.message, message)
    })
})
