import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cardType, controller, expectAnswers } from '../fixtures/controller-files.ts'
import { siteHouse } from '../fixtures/site-house.ts'

describe('a controller', () => {
  test('friends answers exactly as the ancestor did, and is in the index', async () => {
    await using house = await siteHouse(
      controller(`endPoints = ['friends']\nfriends() { this.setData(['Tom', 'Jerry']) }`),
    )
    const url = 'https://site.test/api/friends'
    const answer = (method: string): string =>
      `{"api":"friends","data":["Tom","Jerry"],"method":"${method}","params":[],"url":"${url}"}`
    await expectAnswers(house, [
      ['GET /api/friends', 200, answer('get')],
      ['POST /api/friends', 200, answer('post')],
      ['DELETE /api/friends', 200, answer('delete')],
      ['GET /api/friends/', 404],
      ['GET /api/enemies', 404],
    ])
    const index = (await house.ask('GET /api')).json as Record<string, string>
    assert.equal(index.friends, url)
    assert.deepEqual(Object.keys(index), Object.keys(index).toSorted())
  })

  test('a credential is accepted in the query and never told in params', async () => {
    await using house = await siteHouse(
      controller(
        `endPoints = ['friends']\nallowedUrlParams = { friends: ['city'] }\nfriends() { return this.call.query }`,
      ),
    )
    const token = await house.token()
    const told = await house.ask(`GET /api/friends?access_token=${token}&city=Rome`)
    assert.deepEqual(told.json, {
      api: 'friends',
      data: { city: 'Rome' },
      method: 'get',
      params: { city: 'Rome' },
      url: 'https://site.test/api/friends',
    })
    assert.ok(!told.text.includes(token))
  })

  test('the verb method goes before the generic one; a verb without either is 405 with Allow', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['friends', 'foo_bar', 'both', 'twoWords']
        getFriends() { return 'read' } postFriends() { return 'made' } deleteFriends() { this.emptyResponse() }
        getFooBar() { return 'foo' }
        getBoth() { return 'get' } both() { return 'any' }
        twoWords() { return 2 }`),
    )
    await expectAnswers(house, [
      ['GET /api/friends', 200, /"data":"read","method":"get"/],
      ['POST /api/friends', 200, /"data":"made"/],
      ['DELETE /api/friends', 204, ''],
      ['PUT /api/friends', 405, /METHOD_NOT_ALLOWED/],
      ['GET /api/foo_bar', 200, /"api":"foo_bar","data":"foo"/],
      ['POST /api/foo_bar', 405],
      ['GET /api/both', 200, /"data":"get"/],
      ['PATCH /api/both', 200, /"data":"any"/],
      ['GET /api/twoWords', 200, /"data":2/],
    ])
    assert.equal((await house.ask('PUT /api/friends')).headers.allow, 'DELETE, GET, POST, HEAD, OPTIONS')
  })

  test('further segments are arguments, counted; ...rest takes any number', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['none', 'two', 'some']
        none() { return 'none' }
        two(a, b = 'default') { return [a, b] }
        some(first, ...rest) { return { first, rest } }`),
    )
    await expectAnswers(house, [
      ['GET /api/none/a', 400, /TOO_MANY_SEGMENTS.*/],
      ['GET /api/two', 200, /"data":\[null,"default"\]/],
      ['GET /api/two/1', 200, /"data":\["1","default"\]/],
      ['GET /api/two/1/2', 200, /"data":\["1","2"\]/],
      ['GET /api/two/1/2/3', 400, /takes 2 further segments at most/],
      ['GET /api/two/a%20b/c', 200, /"data":\["a b","c"\]/],
      ['GET /api/some/a/b/c', 200, /"first":"a","rest":\["b","c"\]/],
      ['GET /api/some', 200, /"rest":\[\]/],
    ])
  })

  test('setData merges, setPaging is told, a returned value equals setData', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['list', 'object', 'paged', 'empty', 'nothing', 'teapot']
        list() { this.setData([1]); this.setData([2], true) }
        object() { this.setData({ a: 1, b: 1 }); this.setData({ b: 2 }, true) }
        async paged() { this.setPaging({ page: 2, page_size: 1 }); return ['x'] }
        empty() { this.setData([1]); this.emptyResponse(202) }
        nothing() {}
        teapot() { return new Response('tea', { status: 418 }) }`),
    )
    await expectAnswers(house, [
      ['GET /api/list', 200, /"data":\[1,2\]/],
      ['GET /api/object', 200, /"data":\{"a":1,"b":2\}/],
      [
        'GET /api/paged',
        200,
        /^\{"api":"paged","data":\["x"\],"method":"get","paging":\{"page":2,"page_size":1\},"params":\[\],"url":/,
      ],
      ['GET /api/empty', 202, ''],
      ['GET /api/nothing', 200, /"data":\[\]/],
      ['GET /api/teapot', 418, 'tea'],
    ])
  })

  test('each request has an instance of its own: 200 at once never see each other', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['echo']
        seen = []
        async echo(word) { this.setData({ word }); this.seen.push(word); await new Promise((done) => setTimeout(done, Math.random() * 5)); this.setData({ seen: this.seen }, true) }`),
    )
    const words = Array.from({ length: 200 }, (_, index) => `canary${index}`)
    const told = await Promise.all(words.map((word) => house.ask(`GET /api/echo/${word}`)))
    for (const [index, { json }] of told.entries())
      assert.deepEqual((json as { data: unknown }).data, { word: words[index], seen: [words[index]] })
  })

  test('the blacklist takes built-in and own endpoints away: not in the index, 405 when called', async () => {
    await using house = await siteHouse(
      controller(
        `endPoints = ['friends', 'foes']\nblacklistEndPoints = ['auth', 'objects', 'foes']\nfriends() {}\nfoes() { throw new Error('never') }`,
      ),
    )
    await expectAnswers(house, [
      ['POST /api/auth', 405],
      ['GET /api/auth', 405],
      ['GET /api/objects', 405],
      ['GET /api/objects/10', 405],
      ['GET /api/objects/10/children', 405],
      ['GET /api/foes', 405],
      ['GET /api/foes/a/b', 405],
      ['GET /api/friends', 200],
    ])
    const names = Object.keys((await house.ask('GET /api')).json as object)
    assert.deepEqual(
      ['auth', 'objects', 'foes'].filter((name) => names.includes(name)),
      [],
    )
    assert.ok(names.includes('friends'))
  })

  test('query names: strict, with groups, for GET alone; __all for every verb', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['friends', 'others']
        allowedUrlParams = { friends: ['_page', 'city'], _page: ['page', 'page_size'], __all: 'common' }
        friends() { return 'ok' } others() { return 'ok' }`),
    )
    await expectAnswers(house, [
      ['GET /api/friends?city=Rome&page=1&page_size=2&common=1', 200],
      ['GET /api/friends?pag_size=2', 400, /page_size/],
      [
        'GET /api/friends?name=Tom',
        400,
        /UNKNOWN_QUERY.*Valid names: access_token, city, common, page, page_size, token/,
      ],
      ['POST /api/friends?city=Rome', 400],
      ['POST /api/friends?common=1', 200],
      ['GET /api/others?common=1', 200],
      ['GET /api/others?page=1', 400],
      ['GET /api/friends?city=a&city=b', 400],
      ['GET /api/friends?__proto__=1', 400],
    ])
  })

  test('class and config are joined; the config alone works too', async () => {
    const files = controller(
      `endPoints = ['friends']\nallowedUrlParams = { friends: ['city'] }\nfriends() { return 'f' }\nfoes() { return 'e' }\nextra() {}`,
    )
    const config = `export default { api: { protected: false, endPoints: ['foes', 'extra'], blacklistEndPoints: ['extra'], validation: { allowedUrlParams: { friends: ['age'], foes: 'city' } } } }`
    await using house = await siteHouse({ ...files, 'postern.config.ts': config })
    await expectAnswers(house, [
      ['GET /api/friends?city=a&age=1', 200],
      ['GET /api/foes?city=a', 200],
      ['GET /api/foes?age=1', 400],
      ['GET /api/extra', 405],
    ])
  })

  test('names registered at run time stay; false replaces all there is', async () => {
    await using house = await siteHouse(
      controller(`
        endPoints = ['friends', 'learn', 'forget', 'told']
        allowedUrlParams = { friends: ['city'] }
        constructor() { super(); this.validator.registerAllowedUrlParams({ friends: ['early'] }) }
        friends() { return 'ok' }
        learn() { this.validator.registerAllowedUrlParams({ friends: ['age'] }) }
        forget() { this.validator.registerAllowedUrlParams({ friends: ['only'] }, false) }
        told() { return this.validator.getAllowedUrlParams('friends') }`),
    )
    await expectAnswers(house, [
      ['GET /api/friends?city=a&early=1', 200],
      ['GET /api/friends?age=1', 400],
      ['GET /api/learn', 200],
      ['GET /api/friends?age=1&city=a&early=1', 200],
      ['GET /api/told', 200, /"data":\["access_token","age","city","early","token"\]/],
      ['GET /api/forget', 200],
      ['GET /api/friends?only=1', 200],
      ['GET /api/friends?age=1', 400],
      ['GET /api/friends?early=1', 400],
    ])
  })

  test('api.protected asks for a caller; authorize sets one rule, also on an argument', async () => {
    const files = controller(`
      endPoints = ['friends', 'open', 'own']
      authorize = { open: allow.everyone, own: allow.any(allow.role('admin'), allow.self({ param: 'userId' })) }
      friends() { return this.call.caller.kind }
      open() { return 'open' }
      own(userId) { return userId ?? 'all' }`)
    await using house = await siteHouse({
      ...files,
      'postern.config.ts': 'export default { api: { protected: true } }',
    })
    const ann = await house.person('ann')
    const admin = await house.person('root', ['admin'])
    await expectAnswers(house, [
      ['GET /api/friends', 401],
      ['GET /api/open', 200],
      ['GET /api/own', 401],
      ['GET /api/friends/too/far', 401],
    ])
    const rows: readonly [request: string, token: string, status: number][] = [
      ['GET /api/friends', ann.token, 200],
      [`GET /api/own/${ann.id}`, ann.token, 200],
      [`GET /api/own/${admin.id}`, ann.token, 403],
      ['GET /api/own', ann.token, 403],
      ['GET /api/own', admin.token, 200],
      [`GET /api/own/${ann.id}`, admin.token, 200],
    ]
    for (const [request, token, status] of rows)
      assert.equal((await house.ask(request, { token })).status, status, request)
  })

  test('sub-paths of objects: getObjectsFooBar(objectId, value), 405 for a verb that is not allowed', async () => {
    const files = controller(`
      allowedObjectsUrlPath = { get: ['children', 'foo_bar'] }
      getObjectsFooBar(objectId, fooVal) { return { objectId, fooVal } }`)
    await using house = await siteHouse({ ...files, 'types/card.ts': cardType })
    const ann = await house.person('ann')
    const made = await house.ask('POST /api/objects', {
      token: ann.token,
      body: { object_type: 'card', name: 'Tom', title: 'Tom' },
    })
    assert.equal(made.status, 201, made.text)
    const { id, slug } = ((made.json as { data?: unknown }).data ?? made.json) as { id: number; slug: string }
    await expectAnswers(house, [
      [`GET /api/objects/${id}/foo_bar`, 200, new RegExp(`"api":"objects","data":\\{"objectId":${id}\\}`)],
      [`GET /api/objects/${slug}/foo_bar/v`, 200, new RegExp(`"objectId":${id},"fooVal":"v"`)],
      [`GET /api/objects/${id}/foo_bar/v/w`, 400],
      [`POST /api/objects/${id}/foo_bar`, 405],
      [`PUT /api/objects/${id}/foo_bar`, 405],
      [`DELETE /api/objects/${id}/foo_bar`, 405],
      ['GET /api/objects/999999/foo_bar', 404],
      [`GET /api/objects/${id}/bar_foo`, 404],
    ])
  })
})
