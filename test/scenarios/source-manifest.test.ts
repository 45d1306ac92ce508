import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { membersSite } from '../fixtures/members-files.ts'
import { siteHouse, type SiteHouse, type Told } from '../fixtures/site-house.ts'

type Who = 'nobody' | 'admin' | 'ann' | 'bob' | 'machine' | 'garbage'

/** Three people and three members: AAA is Ann's, BBB is Bob's, CCC is the admin's. */
async function members(
  config?: string,
  manifest?: unknown,
): Promise<{ house: SiteHouse; as: (who: Who, request: string, body?: unknown) => Promise<Told> }> {
  const house = await siteHouse(membersSite(manifest, config))
  const tokens: Partial<Record<Who, string>> = {}
  for (const [name, role] of [
    ['admin', 'admin'],
    ['ann', 'member'],
    ['bob', 'member'],
  ] as const) {
    tokens[name] = (await house.person(name, [role])).token
  }
  tokens.machine = await house.token()
  tokens.garbage = 'garbage'
  const rows = [
    ['ann', 'AAA', 'Ann', 30],
    ['bob', 'BBB', 'Bob', 20],
    ['admin', 'CCC', 'Cy', 40],
  ] as const
  for (const [who, code, name, age] of rows) {
    const told = await house.ask('POST /api/objects', {
      token: tokens[who],
      body: { object_type: 'member', code, name, age },
    })
    assert.equal(told.status, 201, told.text)
  }
  return {
    house,
    as: (who, request, body) => house.ask(request, { token: tokens[who], ...(body === undefined ? {} : { body }) }),
  }
}

describe('endpoints from a manifest', () => {
  let house: SiteHouse
  let as: (who: Who, request: string, body?: unknown) => Promise<Told>
  before(async () => {
    ;({ house, as } = await members())
  })
  after(() => house[Symbol.asyncDispose]())

  const rows: readonly [request: string, who: Who, status: number, text?: string | RegExp][] = [
    ['GET /members/account/AAA', 'admin', 200, '{"code":"AAA","name":"Ann","age":30}'],
    ['GET /members/account/AAA', 'ann', 200, '{"code":"AAA","name":"Ann","age":30}'],
    ['GET /members/account/AAA', 'bob', 403],
    ['GET /members/account/AAA', 'machine', 403],
    ['GET /members/account/AAA', 'nobody', 401],
    ['GET /members/account/AAA', 'garbage', 401],
    ['GET /members/account/ZZZ', 'admin', 400, /Invalid member code/],
    ['GET /members/account/ZZZ', 'ann', 403],
    ['GET /members/account/ZZZ', 'nobody', 401],
    ['GET /members/account', 'admin', 400, /Invalid member code/],
    ['GET /members/account', 'ann', 403],
    ['GET /members/account/', 'admin', 404],
    ['GET /members/account/AAA/more', 'ann', 200],
    ['GET /members/account/AAA/more', 'bob', 403],
    ['GET /members/account/aaa', 'ann', 403],
    ['GET /members/account/%41AA', 'bob', 403],
    ['GET /members//account/AAA', 'admin', 404],
    ['GET /members/x/../account/AAA', 'admin', 404],
    ['GET /members/account/BBB%2f..%2fAAA', 'ann', 400],
    ['GET /Members/account/AAA', 'admin', 404],
    ['GET /members/Account/AAA', 'admin', 404],
    ['POST /members/account/AAA', 'admin', 405],
    ['GET /members/open', 'nobody', 200, 'open to anonymous'],
    ['GET /members/open', 'ann', 200, 'open to user'],
    ['GET /members/seg/2', 'ann', 200, '2'],
    ['GET /members/seg/3', 'ann', 403],
    ['GET /members/seg/02', 'ann', 403],
    ['GET /members/seg', 'ann', 404],
    ['GET /members/both', 'ann', 200, 'none'],
    ['GET /members/both', 'bob', 403],
    ['GET /members/both/one', 'nobody', 200, 'one'],
    ['GET /members/secure', 'nobody', 401],
    ['GET /members/secure/1/2/3', 'ann', 200, '["1","2","3"]'],
    ['GET /members/secure?x=1', 'bob', 200, '[]'],
    ['GET /members/upd/5/go', 'nobody', 200, '{"id":"5","word":"go"}'],
    ['GET /members/upd/5/stop', 'admin', 404],
    ['GET /members/upd/5', 'admin', 404],
    ['GET /members/hello', 'admin', 412, /members\/hello/],
    ['POST /members/secure', 'admin', 412, /modules\/members\/api\.json, line \d+/],
    ['GET /members/forgotten', 'nobody', 501, /forgotten/],
    ['GET /members/_hidden', 'admin', 404],
    ['GET /members/_before', 'admin', 404],
    ['GET /members/notAMethod', 'admin', 404],
    ['GET /members/constructor', 'admin', 404],
    ['GET /members/toString', 'admin', 404],
    ['GET /members', 'admin', 404],
    ['GET /members/api.json', 'admin', 404],
    ['GET /modules/members/api.json', 'admin', 404],
    ['GET /modules/members/members.ts', 'admin', 404],
  ]
  for (const [request, who, status, text] of rows) {
    test(`${request} as ${who} → ${status}`, async () => {
      const told = await as(who, request)
      assert.equal(told.status, status, told.text)
      if (typeof text === 'string') assert.equal(told.text, text)
      else if (text) assert.match(told.text, text)
    })
  }

  test('a foreign code and an unknown one are refused in the same words', async () => {
    const foreign = await as('ann', 'GET /members/account/BBB')
    const unknown = await as('ann', 'GET /members/account/ZZZ')
    assert.deepEqual([foreign.status, foreign.text], [unknown.status, unknown.text])
  })

  test('userCodeSegment compares the public code', async () => {
    const carl = await house.person('carl', ['member'])
    assert.equal((await house.ask(`POST /members/seg/${carl.code}`, { token: carl.token })).status, 200)
    assert.equal((await as('ann', `POST /members/seg/${carl.code}`)).status, 403)
    assert.equal((await house.ask(`POST /members/seg/${carl.id}`, { token: carl.token })).status, 403)
  })

  test('hooks of a custom entry run', async () => {
    const told = await as('nobody', 'POST /members/hooked?a=1', { given: true })
    assert.equal(told.status, 202)
    assert.deepEqual(told.json, {
      was: { query: { a: '1' }, body: { given: true, seen: 'Hooked of members' } },
      keys: ['token', 'body', 'code'],
    })
  })

  test('a browser is told how to activate in a page, others in a problem', async () => {
    const page = await house.ask('GET /members/hello', { headers: { accept: 'text/html' } })
    assert.equal(page.status, 412)
    const problem = await house.ask('GET /members/hello')
    const { code, detail } = problem.json as { code: string; detail: string }
    assert.equal(code, 'NOT_ACTIVATED')
    const pasted = JSON.parse(detail.slice(detail.indexOf('{'))) as Record<string, { url_segments: string }>
    assert.equal(Object.values(pasted)[0]?.url_segments, 'members/hello')
  })
})

describe('built-in operations of a manifest', () => {
  let house: SiteHouse
  let as: (who: Who, request: string, body?: unknown) => Promise<Told>
  before(async () => {
    ;({ house, as } = await members())
  })
  after(() => house[Symbol.asyncDispose]())

  const names = (told: Told): unknown =>
    Array.isArray(told.json) ? (told.json as { name: string }[]).map((row) => row.name) : told.text

  const reads: readonly [request: string, body: unknown, found: unknown][] = [
    ['GET /api/get/members', undefined, ['Ann', 'Bob', 'Cy']],
    ['GET /api/get/members/', undefined, ['Ann', 'Bob', 'Cy']],
    ['GET /api/get/members?code=BBB', undefined, ['Bob']],
    ['GET /api/get/members/?code=BBB', undefined, ['Bob']],
    ['GET /api/get/members/?age%20%3C=30', undefined, ['Bob']],
    ['GET /api/get/members?age%3E=30', undefined, ['Ann', 'Cy']],
    ['GET /api/get/members?age%21=30', undefined, ['Bob', 'Cy']],
    ['GET /api/get/members?age%3E30', undefined, ['Cy']],
    ['GET /api/get/members?orderBy=age%20desc&limit=2', undefined, ['Cy', 'Ann']],
    ['GET /api/get/members?orderBy=age&limit=1&offset=1', undefined, ['Ann']],
    ['POST /api/get/members', { 'age >': 25 }, ['Ann', 'Cy']],
    ['POST /api/get/members', { 'name !=': 'Ann' }, ['Bob', 'Cy']],
    ['POST /api/get/members', { 'name LIKE': 'B%' }, ['Bob']],
    ['POST /api/get/members', { name: 'Ann', 'OR age': 20 }, ['Ann', 'Bob']],
    ['POST /api/get/members', { name: 'Ann', 'OR name': 'Bob' }, ['Ann', 'Bob']],
    ['POST /api/get/members', { 'age >': 15, 'age <': 35 }, ['Ann', 'Bob']],
    ['POST /api/get/members', { name: 'Ann', 'OR age >': 15, orderBy: 'age desc', limit: 2 }, ['Cy', 'Ann']],
    ['POST /api/get/members', { name: 'A,B' }, []],
    ['GET /api/count/members', undefined, '3'],
    ['POST /api/count/members', { 'age >': 25 }, '2'],
    ['POST /api/count/members', { name: 'Ann', 'OR age': 20 }, '2'],
    ['GET /api/exists/members/1', undefined, 'true'],
    ['GET /api/exists/members/99', undefined, 'false'],
  ]
  for (const [request, body, found] of reads) {
    test(`${request} ${body === undefined ? '' : JSON.stringify(body)} → ${JSON.stringify(found)}`, async () => {
      const told = await as('admin', request, body)
      assert.equal(told.status, 200, told.text)
      assert.deepEqual(names(told), found)
      assert.match(told.headers['content-type'] ?? '', /^application\/json/)
    })
  }

  const refused: readonly [request: string, who: Who, status: number, body?: unknown][] = [
    ['GET /api/get/members', 'nobody', 401],
    ['GET /api/get/members', 'ann', 403],
    ['GET /api/get/members/99', 'admin', 404],
    ['GET /api/get/members/one', 'admin', 400],
    ['GET /api/exists/members/one', 'admin', 400],
    ['GET /api/get/members?colour=red', 'admin', 400],
    ['POST /api/get/members', 'admin', 400, { 'age ~': 3 }],
    ['POST /api/get/members', 'admin', 400, { 'age; drop table': 3 }],
    ['POST /api/get/members', 'admin', 400, { orderBy: 'age; drop table' }],
    ['POST /api/get/members', 'admin', 400, { limit: 'all' }],
    ['POST /api/get/members', 'admin', 400, [1]],
    ['PUT /api/get/members', 'admin', 405],
    ['POST /api/create/members', 'admin', 400, {}],
    ['PUT /api/update/members/1', 'admin', 400, {}],
    ['PUT /api/update/members/99', 'admin', 404, { name: 'x' }],
    ['POST /api/batch/members', 'admin', 400, []],
    ['POST /api/batch/members', 'admin', 400, { name: 'x' }],
    ['DELETE /api/destroy/members', 'admin', 400, {}],
    ['DELETE /api/destroy/members', 'admin', 400],
    ['DELETE /api/destroy/members', 'admin', 400, { limit: 5 }],
    ['DELETE /api/destroy/members', 'admin', 400, { name: 'Ann', 'OR age': { gt: 1 } }],
    ['DELETE /api/delete/members/99', 'admin', 404],
    ['GET /api/delete/members/1', 'admin', 405],
    ['GET /api/explore/members', 'admin', 404],
  ]
  for (const [request, who, status, body] of refused) {
    test(`${request} ${JSON.stringify(body) ?? ''} as ${who} → ${status}, and nothing is lost`, async () => {
      const told = await as(who, request, body)
      assert.equal(told.status, status, told.text)
      assert.equal((await as('admin', 'GET /api/count/members')).text, '3')
    })
  }

  test('create, update and delete, with hooks before and after', async () => {
    const made = await as('admin', 'POST /api/create/members', { code: 'DDD', name: 'dan', age: 50 })
    assert.deepEqual([made.status, made.json], [201, { made: 'DAN', token: null }])
    const [row] = (await as('admin', 'GET /api/get/members?code=DDD')).json as { id: number; name: string }[]
    assert.equal(row?.name, 'DAN')
    const put = await as('admin', `PUT /api/update/members/${row?.id}`, { id: 500, name: 'Dana' })
    assert.deepEqual(
      [put.status, (put.json as { name: string }).name, (put.json as { id: number }).id],
      [200, 'Dana', row?.id],
    )
    assert.equal((await as('admin', `POST /api/update/members/${row?.id}`, { age: 51 })).status, 200)
    assert.equal(
      (
        await as('admin', 'POST /api/batch/members', [
          { code: 'E1', name: 'b1' },
          { code: 'E2', name: 'b2' },
        ])
      ).text,
      '2',
    )
    assert.equal((await as('admin', 'DELETE /api/destroy/members', { name: 'nobody' })).text, '0')
    assert.equal((await as('admin', 'DELETE /api/destroy/members', { name: 'b1' })).text, '1')
    assert.equal((await as('admin', `DELETE /api/delete/members/${row?.id}`)).text, 'true')
    assert.deepEqual(names(await as('admin', 'GET /api/get/members')), ['Ann', 'Bob', 'Cy', 'b2'])
  })
})
