/** How the explorer makes a request of what is typed; in the page this is the same code. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { explorerEndpoint } from '../../src/describe/explorer-data.ts'
import type { Endpoint } from '../../src/endpoint/record.ts'
import { jsonSchemaOf } from '../../src/schema/standard.ts'
import { variantsOf } from '../../web/src/request/body-variants.ts'
import { checkDraft } from '../../web/src/request/check-draft.ts'
import { asClient, asCurl, asFetch } from '../../web/src/request/copy-as.ts'
import { addressOf, newDraft, type Draft } from '../../web/src/request/draft.ts'
import { sampleBody, sampleOf } from '../../web/src/request/sample.ts'
import { grouped, matching } from '../../web/src/view/group-endpoints.ts'
import { endpoint } from '../fixtures/endpoint-record.ts'

const item = shown({
  path: '/api/items/:code/*rest',
  methods: ['PUT'],
  schemas: {
    params: jsonSchemaOf(z.object({ code: z.int(), rest: z.string() })) ?? {},
    query: jsonSchemaOf(z.object({ limit: z.int(), dry: z.boolean().optional() })) ?? {},
    body: jsonSchemaOf(z.strictObject({ title: z.string(), price: z.number().optional() })) ?? {},
  },
})
const list = shown({ path: '/api/objects', allowedQuery: { GET: ['page', 'filter[*]'] } })
const full: Draft = {
  verb: 'PUT',
  params: { code: '1', rest: 'a b/c' },
  query: { limit: '3' },
  extra: [],
  body: '{"title":"It\'s","price":1}',
}

describe('the address of a draft', () => {
  test('encodes what must be, and leaves brackets and slashes of the rest readable', () => {
    assert.equal(addressOf(item, full), '/api/items/1/a%20b/c?limit=3')
    const filter = { ...newDraft(list), extra: [{ name: 'filter[price][gte]', value: '1&2' }] }
    assert.equal(addressOf(list, filter), '/api/objects?filter[price][gte]=1%262')
  })

  test('keeps a parameter that is still missing visible', () => {
    assert.equal(addressOf(item, newDraft(item)), '/api/items/:code/*rest')
  })
})

describe('what is said before sending', () => {
  const rows: [name: string, change: Partial<Draft>, complaints: string[]][] = [
    ['nothing, where all is well', {}, []],
    ['a missing parameter', { params: { rest: 'x' } }, ['path.code']],
    ['text for a number', { params: { code: 'x', rest: 'x' } }, ['path.code']],
    ['a missing query name', { query: {} }, ['query.limit']],
    ['a boolean that is none', { query: { limit: '1', dry: 'yes' } }, ['query.dry']],
    ['a query name that nobody knows', { extra: [{ name: 'limits', value: '' }] }, ['query.limits']],
    ['broken JSON', { body: '{"title":' }, ['body']],
    ['no body', { body: '' }, ['body.title']],
    ['a missing field and an unknown one', { body: '{"name":"x"}' }, ['body.title', 'body.name']],
    ['a list in place of an object', { body: '[]' }, ['body']],
  ]
  for (const [name, change, complaints] of rows)
    test(name, () =>
      assert.deepEqual(
        checkDraft(item, { ...full, ...change }).map(({ at }) => at),
        complaints,
      ),
    )

  test('nothing of a filter that a pattern lets through, and something of one that it does not', () => {
    const asking = (name: string) => checkDraft(list, { ...newDraft(list), extra: [{ name, value: '1' }] }).length
    assert.deepEqual([asking('filter[price][gte]'), asking('sort')], [0, 1])
  })
})

describe('a request copied', () => {
  const subject = { endpoint: item, draft: full, url: 'http://127.0.0.1:4000', token: 'sec ret' }

  test('as curl survives a shell, whatever is in it', () => {
    const words = execFileSync('sh', [
      '-c',
      `for word in ${asCurl(subject).slice('curl '.length)}; do printf '%s\\n' "$word"; done`,
    ])
    assert.deepEqual(words.toString().trim().split('\n'), [
      '-i',
      '-X',
      'PUT',
      '-H',
      'Authorization: Bearer sec ret',
      '-H',
      'Content-Type: application/json',
      '--data-raw',
      full.body,
      'http://127.0.0.1:4000/api/items/1/a%20b/c?limit=3',
    ])
  })

  test('as curl is read by curl as it is written, brackets and all', () => {
    const filter = { ...newDraft(list), extra: [{ name: 'filter[a]', value: '{1,2}' }] }
    assert.match(asCurl({ ...subject, endpoint: list, draft: filter }), /^curl -i -g /)
  })

  test('as fetch and as a call of the client', () => {
    assert.match(asFetch(subject), /^const answer = await fetch\('http.*limit=3', \{\n {2}method: 'PUT',/)
    assert.match(
      asClient(subject),
      /api\.call\('PUT \/api\/items\/:code\/\*rest', \{ params: \{"code":"1","rest":"a b\/c"\}, query: \{"limit":"3"\}, body: /,
    )
    assert.doesNotMatch(asClient({ ...subject, token: undefined }), /token/)
  })
})

describe('a body to start from', () => {
  test('has an empty value for each field of the schema', () => {
    assert.deepEqual(JSON.parse(sampleBody(item, item.operations.PUT?.inputs.body ?? {}, []) ?? ''), {
      title: '',
      price: 0,
    })
  })

  test('has the fields of the type that a module speaks of, without the id', () => {
    const create = shown({ path: '/api/create/members', methods: ['POST'], group: 'members' })
    const types = [{ name: 'member', plural: 'members', fields: ['id', 'code', 'age'] }]
    assert.deepEqual(JSON.parse(sampleBody(create, {}, types) ?? ''), { code: '', age: '' })
    assert.equal(sampleBody(shown({ path: '/api/other', methods: ['POST'] }), {}, types), undefined)
  })

  test('ends where a schema speaks of itself', () => {
    const tree = { type: 'object', properties: { name: { type: 'string' }, child: { $ref: '#' } } }
    assert.deepEqual(sampleOf(tree, tree), { name: '', child: { name: '', child: null } })
  })

  test('can be of several kinds, each by what it fixes', () => {
    const schema = jsonSchemaOf(
      z.union([z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b'), x: z.int() })]),
    )
    assert.deepEqual(
      variantsOf(schema ?? {}, []).map(({ label }) => label),
      ['a', 'b'],
    )
  })
})

describe('the list', () => {
  const all = [list, item, shown({ path: '/members/hello', group: 'members', source: 'manifest', tags: ['people'] })]

  test('finds by every word, wherever it stands', () => {
    assert.deepEqual(
      matching(all, 'put ITEMS').map(({ path }) => path),
      [item.path],
    )
    assert.equal(matching(all, 'put hello').length, 0)
  })

  test('is grouped by path, module or tag', () => {
    const names = (by: 'path' | 'module' | 'tag') => grouped(all, by).map(({ name }) => name)
    assert.deepEqual(names('path'), ['/api/items', '/api/objects', '/members'])
    assert.deepEqual(names('module'), ['files', 'members'])
    assert.deepEqual(names('tag'), ['files', 'people'])
  })
})

function shown(part: Partial<Endpoint>) {
  return explorerEndpoint(endpoint(part), true)
}
