import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { siteHouse, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const files = {
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text({ required: true, index: true }), rank: field.integer(), secret: field.text({ private: true }), readers: field.accessList() },
  relations: { friends: { to: 'card', inverse: 'friend_of', params: { since: field.integer() } } },
  rules: { read: allow.any(allow.published(), allow.owner(), allow.listed('readers')), create: allow.user, update: allow.owner(), delete: allow.owner() } })`,
  'types/folder.ts': `import { allow, defineType } from 'postern'
export default defineType({ name: 'folder', section: true, rules: { read: allow.everyone, create: allow.user, update: allow.owner() } })`,
  'types/note.ts': `import { defineType } from 'postern'
export default defineType({ name: 'note' })`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class Site extends ApiController {
  whitelistObjectTypes = ['card']
  allowedUrlParams = { objects: ['filter[Card.name]'], cards: ['filter[*]'] }
}`,
  'postern.config.ts': `export default { api: { protected: false } }`,
}

/** Content as its clients meet it: every answer comes down the whole road. */
describe('content over the road', () => {
  let house: SiteHouse
  let kim: string
  let ann: string
  const made = new Map<string, number>()

  before(async () => {
    house = await siteHouse(files)
    kim = (await house.person('kim')).token
    ann = (await house.person('ann')).token
  })
  after(() => house[Symbol.asyncDispose]())

  const data = (told: Told): Record<string, unknown> => (told.json as { data: Record<string, unknown> }).data
  const rows = (told: Told): unknown[] => (told.json as { data: { name?: unknown }[] }).data.map((one) => one.name)
  const code = (told: Told): unknown => (told.json as { code?: unknown }).code

  async function create(name: string, more: object = {}, token = kim): Promise<number> {
    const told = await house.ask('POST /api/objects', { token, body: { object_type: 'card', name, ...more } })
    assert.equal(told.status, 201, told.text)
    made.set(name, Number(data(told)['id']))
    return Number(data(told)['id'])
  }

  test('an object is made with 201, its address and its tag, and shows no private field', async () => {
    const body = { object_type: 'card', name: 'Tom', title: 'Tom Card', secret: 'hush' }
    const told = await house.ask('POST /api/objects', { token: kim, body })
    assert.equal(told.status, 201)
    const { id } = data(told) as { id: number }
    made.set('Tom', id)
    assert.ok(told.headers['location']?.endsWith(`/api/objects/${id}`))
    assert.equal(told.headers['etag'], '"v1"')
    assert.ok(!told.text.includes('hush') && !told.text.includes('secret'))
    const read = await house.ask(`GET /api/objects/${id}`)
    assert.deepEqual(data(read), data(told))
    assert.deepEqual(data(await house.ask('GET /api/objects/tom-card')), data(told))
    assert.deepEqual(Object.keys(read.json as object), ['api', 'data', 'method', 'params', 'url'])
  })

  test('who may not, may not: 401, 404 for what is hidden, 403 for what is only seen, 412 for what nobody activated', async () => {
    const hidden = await create('hidden', { status: 'draft' })
    assert.equal((await house.ask('POST /api/objects', { body: { object_type: 'card', name: 'x' } })).status, 401)
    assert.equal((await house.ask(`GET /api/objects/${hidden}`, { token: ann })).status, 404)
    assert.equal((await house.ask(`PATCH /api/objects/${hidden}`, { token: ann, body: { name: 'x' } })).status, 404)
    assert.equal(
      (await house.ask(`PATCH /api/objects/${made.get('Tom')}`, { token: ann, body: { name: 'x' } })).status,
      403,
    )
    assert.equal((await house.ask(`DELETE /api/objects/${made.get('Tom')}`)).status, 401)
    assert.equal((await house.ask('POST /api/objects', { token: kim, body: { object_type: 'note' } })).status, 412)
    assert.deepEqual(rows(await house.ask('GET /api/cards', { token: ann })), ['Tom'])
  })

  test('an access list opens a hidden object to whom it names', async () => {
    const annId = Number(
      data(
        await house.ask('POST /api/objects', {
          token: ann,
          body: { object_type: 'card', name: 'of ann', status: 'draft' },
        }),
      )['owner'],
    )
    await create('shared', { status: 'draft', readers: { users: [annId] } })
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=shared', { token: ann })), ['shared'])
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=shared')), [])
  })

  test('bad input is refused with the place of each fault', async () => {
    const post = (body: unknown): Promise<Told> => house.ask('POST /api/objects', { token: kim, body })
    const answers: [unknown, number, string][] = [
      [{ object_type: 'card' }, 422, 'INVALID'],
      [{ object_type: 'card', name: 'x', rank: 'high' }, 422, 'INVALID'],
      [{ object_type: 'card', name: 'x', colour: 'red' }, 400, 'UNKNOWN_FIELD'],
      [{ object_type: 'card', name: 'x', owner: 1 }, 400, 'UNKNOWN_FIELD'],
      [{ object_type: 'nothing' }, 422, 'INVALID'],
      [{ name: 'x' }, 422, 'INVALID'],
      [[], 400, 'BAD_REQUEST'],
      [[7], 400, 'BAD_BODY'],
      ['text', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ]
    for (const [body, status, expected] of answers) {
      const told = await post(body)
      assert.deepEqual([told.status, code(told)], [status, expected], told.text)
    }
    const told = await post({ object_type: 'card', name: 7, rank: 1.5 })
    assert.deepEqual((told.json as { errors: { path: string }[] }).errors.map((one) => one.path).toSorted(), [
      'body.name',
      'body.rank',
    ])
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=x', { token: kim })), [])
  })

  test('several are made together or not at all', async () => {
    const slug = 'only-once'
    const two = [
      { object_type: 'card', name: 'two', slug },
      { object_type: 'card', name: 'two', slug },
    ]
    assert.equal((await house.ask('POST /api/objects', { token: kim, body: two })).status, 409)
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=two', { token: kim })), [])
    const told = await house.ask('POST /api/objects', { token: kim, body: two.slice(0, 1) })
    assert.equal(told.status, 201)
    assert.equal((told.json as { data: unknown[] }).data.length, 1)
  })

  test('an idempotency key makes one of many', async () => {
    const asking = { token: kim, headers: { 'idempotency-key': 'once-1' }, body: { object_type: 'card', name: 'once' } }
    const all = await Promise.all(Array.from({ length: 20 }, () => house.ask('POST /api/objects', asking)))
    assert.ok(all.every((told) => told.status === 201 && told.text === all[0]?.text))
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=once', { token: kim })), ['once'])
    const other = await house.ask('POST /api/objects', { ...asking, body: { object_type: 'card', name: 'other' } })
    assert.equal(other.status, 422)
  })

  test('a change needs the version that was read, if it names one', async () => {
    const id = await create('versioned')
    const patch = (headers: Record<string, string>, body: object): Promise<Told> =>
      house.ask(`PATCH /api/objects/${id}`, { token: kim, headers, body })
    const changed = await patch({ 'if-match': '"v1"' }, { rank: 1 })
    assert.deepEqual([changed.status, changed.headers['etag']], [200, '"v2"'])
    assert.equal((await patch({ 'if-match': '"v1"' }, { rank: 2 })).status, 412)
    assert.equal((await patch({ 'if-match': 'W/"x"' }, { rank: 2 })).status, 412)
    assert.equal((await patch({}, { rank: 2, version: 1 })).status, 412)
    assert.equal((await patch({ 'if-match': '*' }, { rank: 3 })).status, 200)
    assert.equal(data(await house.ask(`GET /api/objects/${id}`, { token: kim }))['rank'], 3)
  })

  test('DELETE is for the trash, purge for good', async () => {
    const id = await create('goner')
    assert.equal((await house.ask(`DELETE /api/objects/${id}`, { token: kim })).status, 204)
    assert.equal((await house.ask(`GET /api/objects/${id}`, { token: kim })).status, 404)
    assert.equal((await house.ask(`DELETE /api/objects/${id}`, { token: kim })).status, 404)
    assert.equal((await house.ask(`DELETE /api/objects/${id}?purge=true`, { token: kim })).status, 204)
    assert.equal((await house.ask(`DELETE /api/objects/${id}?purge=true`, { token: kim })).status, 404)
    assert.equal((await house.ask(`DELETE /api/objects/1?purge=yes`, { token: kim })).status, 400)
  })

  test('the trash is shown to those who fill it, and gives back', async () => {
    const id = await create('thrown away')
    await house.ask(`DELETE /api/objects/${id}`, { token: kim })
    assert.deepEqual(rows(await house.ask('GET /api/trash', { token: kim })), ['thrown away'])
    assert.deepEqual(rows(await house.ask('GET /api/trash?filter[object_type]=card', { token: kim })), ['thrown away'])
    assert.deepEqual(rows(await house.ask('GET /api/trash', { token: ann })), [])
    assert.equal((await house.ask('GET /api/trash')).status, 401)
    assert.equal((await house.ask(`POST /api/trash/${id}`, { token: ann })).status, 404)
    assert.equal((await house.ask(`DELETE /api/trash/${made.get('Tom')}`, { token: kim })).status, 404)
    const restored = await house.ask(`POST /api/trash/${id}`, { token: kim })
    assert.deepEqual([restored.status, restored.headers['etag']], [200, '"v3"'])
    assert.deepEqual(rows(await house.ask('GET /api/cards?filter[name]=thrown%20away', { token: kim })), [
      'thrown away',
    ])
    await house.ask(`DELETE /api/objects/${id}`, { token: kim })
    assert.equal((await house.ask(`DELETE /api/trash/${id}`, { token: kim })).status, 204)
    assert.deepEqual(rows(await house.ask('GET /api/trash', { token: kim })), [])
  })

  test('a plural reads only, and only its type', async () => {
    const folder = Number(
      data(await house.ask('POST /api/objects', { token: kim, body: { object_type: 'folder', title: 'F' } }))['id'],
    )
    made.set('folder', folder)
    assert.equal((await house.ask(`GET /api/cards/${made.get('Tom')}`)).status, 200)
    assert.equal((await house.ask(`GET /api/cards/${folder}`)).status, 404)
    assert.equal((await house.ask('POST /api/cards', { token: kim, body: { name: 'x' } })).status, 405)
    assert.equal((await house.ask('GET /api/folders')).status, 404)
    assert.equal((await house.ask('GET /api/cards?filter[object_type]=folder')).status, 400)
  })

  test('query names are allowed by list: a filter that nobody allowed is 400', async () => {
    assert.deepEqual(rows(await house.ask('GET /api/objects?filter[object_type]=card&filter[Card.name]=Tom,Jerry')), [
      'Tom',
    ])
    for (const query of [
      'filter[rank]=1',
      'filter[Card.rank]=1',
      'page=0',
      'page=x',
      'page_size=101',
      'page_size=1.5',
      'pagesize=1',
      'sort=secret',
      'filter[secret]=x',
      'cursor=x',
      'count=all',
      'lang=..',
      'embed[relations]=x',
      'fields=secret',
    ]) {
      assert.equal((await house.ask(`GET /api/objects?${query}`)).status, 400, query)
    }
    assert.equal((await house.ask(`GET /api/objects/${made.get('Tom')}?page=1`)).status, 400)
    assert.equal((await house.ask('GET /api/cards?filter[secret]=hush')).status, 400)
  })

  test('pages tell where they are, and cursors go on', async () => {
    for (const name of ['p1', 'p2', 'p3']) await create(name, { rank: 7 })
    const first = await house.ask('GET /api/cards?filter[rank]=7&page_size=2&sort=-name')
    const { paging } = first.json as { paging: Record<string, unknown> }
    assert.deepEqual(rows(first), ['p3', 'p2'])
    assert.deepEqual(
      { ...paging, next: typeof paging['next'] },
      { page: 1, page_size: 2, page_items: 2, total: 3, total_is: 'exact', next: 'string' },
    )
    const second = await house.ask(
      `GET /api/cards?filter[rank]=7&page_size=2&sort=-name&cursor=${String(paging['next'])}`,
    )
    assert.deepEqual(rows(second), ['p1'])
    assert.equal((second.json as { paging: Record<string, unknown> }).paging['next'], null)
    const beyond = await house.ask('GET /api/cards?page=900')
    assert.deepEqual([beyond.status, rows(beyond)], [200, []])
    const ids = await house.ask(`GET /api/objects?id=${made.get('p2')},${made.get('p1')}`)
    assert.deepEqual(rows(ids), ['p2', 'p1'])
    assert.ok(!('paging' in (ids.json as object)))
  })

  test('the tree and relations have their own addresses', async () => {
    const folder = made.get('folder') ?? 0
    const [a, b] = [await create('a'), await create('b')]
    const added = await house.ask(`POST /api/objects/${folder}/children`, { token: kim, body: [{ id: a }, { id: b }] })
    assert.equal(added.status, 201)
    assert.equal((await house.ask(`POST /api/objects/${folder}/children`, { token: kim, body: { id: a } })).status, 200)
    assert.equal((await house.ask(`POST /api/objects/${folder}/children`, { token: ann, body: { id: a } })).status, 403)
    assert.equal(
      (
        await house.ask(`PUT /api/objects/${folder}/children/${b}`, {
          token: kim,
          body: { position: 1, move_siblings: true },
        })
      ).status,
      200,
    )
    assert.deepEqual(rows(await house.ask(`GET /api/objects/${folder}/children`)), ['b', 'a'])
    assert.deepEqual(data(await house.ask(`GET /api/objects/${folder}/children/${a}`)), { position: 2 })
    assert.equal((await house.ask(`DELETE /api/objects/${folder}/children/${a}`, { token: kim })).status, 204)
    assert.equal((await house.ask(`POST /api/objects/${a}/siblings`, { token: kim, body: {} })).status, 405)
    assert.equal((await house.ask(`GET /api/objects/${folder}/children/x/y`)).status, 404)

    const related = await house.ask(`POST /api/objects/${a}/relations/friends`, {
      token: kim,
      body: { id: b, params: { since: 1999 } },
    })
    assert.equal(related.status, 201)
    const counts = data(await house.ask(`GET /api/objects/${b}/relations`)) as {
      friend_of: { count: number; url: string }
    }
    assert.equal(counts.friend_of.count, 1)
    assert.ok(counts.friend_of.url.endsWith(`/api/objects/${b}/relations/friend_of`))
    assert.deepEqual(rows(await house.ask(`GET /api/cards/${b}/relations/friend_of`)), ['a'])
    const embedded = data(await house.ask(`GET /api/objects/${a}?embed[relations]=friends`)) as {
      relations: { friends: { objects: { name: string; meta: unknown }[] } }
    }
    assert.deepEqual(
      embedded.relations.friends.objects.map((one) => [one.name, one.meta]),
      [['b', { position: 1, relation_params: { since: 1999 } }]],
    )
    assert.equal((await house.ask(`DELETE /api/objects/${a}/relations/friends/${b}`, { token: kim })).status, 204)
    assert.equal((await house.ask(`GET /api/objects/${a}/relations/nothing`)).status, 400)
  })

  test('the index names what is shown', async () => {
    const index = (await house.ask('GET /api')).json as Record<string, string>
    assert.ok(index['cards'] && index['objects'] && !('folders' in index))
  })
})
