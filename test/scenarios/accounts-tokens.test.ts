import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openHouse, type Extra, type PeopleHouse } from '../fixtures/people-house.ts'

const endpoints: readonly Extra[] = [
  { path: '/api/public/hello', rule: 'everyone', handler: ({ caller }) => caller },
  { path: '/api/custom', rule: 'token', methods: ['GET', 'POST'], handler: ({ caller }) => caller },
  { path: '/api/customers', rule: 'token', handler: () => 'customers' },
  { path: '/api/editors', rule: { role: ['editor'] }, handler: () => 'editors' },
  { path: '/api/echo', rule: 'everyone', handler: ({ query, headers }) => ({ query, headers }) },
]

describe('API tokens', () => {
  let house: PeopleHouse
  let day = Date.now()
  before(async () => {
    const settings = { roles: { editor: ['member'], member: [] }, now: () => day, watchEvery: 20 }
    house = await openHouse({ endpoints, settings })
    await house.accounts.createUser({ name: 'ann', email: 'ann@site.test', roles: ['editor'] })
  })
  after(() => house[Symbol.asyncDispose]())

  const make = async (part: object = {}): Promise<string> =>
    (await house.accounts.createToken({ name: 'bar', ...part })).token
  const status = async (request: string, token?: string): Promise<number> =>
    (await house.call(request, { token })).status

  it('open what needs any token; nothing opens it for a stranger', async () => {
    const token = await make()
    assert.equal(await status('GET /api/custom', token), 200)
    assert.equal(await status('GET /api/custom'), 401)
    assert.equal(await status('GET /api/editors', token), 403)
  })

  it('that act for a user have the roles of that user, inherited ones too', async () => {
    const told = await house.call('GET /api/custom', { token: await make({ user: 'ann' }) })
    assert.equal(told.json['name'], 'ann')
    assert.deepEqual(told.json['roles'], ['editor', 'member'])
    assert.equal(await status('GET /api/editors', await make({ user: 'ann@site.test' })), 200)
  })

  it('V33 made to read refuse every other verb, and a scope is anchored', async () => {
    const reading = await make({ user: 'ann', scopes: ['read'] })
    assert.deepEqual([await status('GET /api/custom', reading), await status('POST /api/custom', reading)], [200, 403])
    const narrow = await make({ scopes: ['GET /api/custom'] })
    assert.deepEqual([await status('GET /api/custom', narrow), await status('GET /api/customers', narrow)], [200, 403])
    assert.equal((await house.call('GET /api/customers', { token: narrow })).json['code'], 'OUT_OF_SCOPE')
  })

  it('V44 V59 that are wrong are refused everywhere, even where nobody needs one', async () => {
    const good = await make()
    const refreshLike = good.replace('pat_', 'psr_')
    for (const token of ['x', 'x'.repeat(5_000), `${good}x`, good.slice(0, -1), good.toUpperCase(), refreshLike]) {
      const told = await house.call('GET /api/public/hello', { token })
      assert.deepEqual([told.status, told.json['code'], told.headers['set-cookie']], [401, 'BAD_CREDENTIAL', undefined])
    }
    assert.equal((await house.call('GET /api/public/hello', { headers: { authorization: '' } })).status, 401)
    assert.equal((await house.call('GET /api/public/hello', { search: 'token=' })).status, 401)
    assert.equal((await house.call('GET /api/public/hello')).json['kind'], 'anonymous')
  })

  it('are never fallen through: a wrong one before a right one decides', async () => {
    const token = await make()
    const wrongFirst = { headers: { authorization: 'Bearer nonsense', 'x-api-token': token }, search: `token=${token}` }
    assert.equal((await house.call('GET /api/custom', wrongFirst)).status, 401)
    const wrongLast = {
      headers: { authorization: `Bearer ${token}`, 'x-api-token': 'nonsense' },
      search: 'token=nonsense',
    }
    assert.equal((await house.call('GET /api/custom', wrongLast)).status, 200)
  })

  it('die at their hour', async () => {
    const token = await make({ expires: '1h' })
    assert.equal(await status('GET /api/custom', token), 200)
    day += 3_600_000
    assert.equal(await status('GET /api/custom', token), 401)
  })

  it('end at the moment that was said, which lies ahead', async () => {
    const ends = async (expires?: string) =>
      (await house.accounts.createToken({ name: 'x', ...(expires ? { expires } : {}) })).expires
    assert.equal(await ends(), null)
    assert.equal(await ends('90s'), new Date(day + 90_000).toISOString())
    assert.equal(await ends('2w'), new Date(day + 14 * 86_400_000).toISOString())
    assert.equal(await ends('2999-01-01T00:00:00Z'), '2999-01-01T00:00:00.000Z')
    for (const wrong of [
      new Date(day).toISOString(),
      '2001-01-01',
      '2999-99-99',
      'soon',
      '0d',
      '8000y',
      '999999y',
      '-1d',
      '1',
      'd',
      '1.5h',
      '9999999d',
    ]) {
      await assert.rejects(ends(wrong), { code: 'INVALID' }, wrong)
    }
  })

  it('are called what steers no terminal', async () => {
    await assert.rejects(make({ name: 'tab\there' }), { code: 'INVALID' })
    await assert.rejects(make({ name: '\u001b]0;title\u0007' }), { code: 'INVALID' })
    await make({ name: 'Büro, 2. Stock' })
  })

  it('are only good from the addresses they were made for', async () => {
    const one = await make({ addresses: ['203.0.113.7', '2001:db8::7'] })
    assert.equal(await status('GET /api/custom', one), 200)
    assert.equal((await house.call('GET /api/custom', { token: one, ip: '203.0.113.8' })).status, 401)
    await make({ addresses: ['10.1.2.3/32', '::1/128', '0.0.0.0/0'] })
    const token = await make({ addresses: ['10.0.0.0/8', '2001:db8::/32'] })
    const from = async (ip: string) => (await house.call('GET /api/custom', { token, ip })).status
    assert.deepEqual(
      await Promise.all(['10.1.2.3', '2001:db8::1', '11.1.2.3', '2001:db9::1', ''].map(from)),
      [200, 200, 401, 401, 401],
    )
    for (const bad of ['x', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/-1']) {
      await assert.rejects(make({ addresses: [bad] }), { code: 'INVALID' }, bad)
    }
  })

  it('bite at once when revoked, though they were used a moment ago', async () => {
    const made = await house.accounts.createToken({ name: 'short' })
    assert.equal(await status('GET /api/custom', made.token), 200)
    assert.equal(await house.accounts.revokeToken(made.id), true)
    assert.equal(await status('GET /api/custom', made.token), 401)
    assert.equal(await house.accounts.revokeToken(made.id), false)
  })

  it('V49 V50 of a user put out of use or deleted are dead on the next request; the id is not given again', async () => {
    const bob = await house.accounts.createUser({ name: 'bob' })
    const token = await make({ user: bob.id })
    assert.equal(await status('GET /api/custom', token), 200)
    await house.accounts.updateUser(bob.id, { active: false })
    assert.equal(await status('GET /api/public/hello', token), 401)
    await house.accounts.updateUser(bob.id, { active: true })
    assert.equal(await status('GET /api/custom', token), 200)
    await house.accounts.deleteUser(bob.id)
    assert.equal(await status('GET /api/public/hello', token), 401)
    const again = await house.accounts.createUser({ name: 'bob' })
    assert.ok(again.id > bob.id)
    assert.equal(await status('GET /api/public/hello', token), 401)
    assert.equal(await house.accounts.findUser(bob.id), undefined)
  })

  it('V49 of one user first used at the same moment die together', async () => {
    const dan = await house.accounts.createUser({ name: 'dan' })
    const tokens = await Promise.all(Array.from({ length: 20 }, () => make({ user: dan.id })))
    const all = () => Promise.all(tokens.map((token) => status('GET /api/custom', token)))
    assert.deepEqual(new Set(await all()), new Set([200]))
    assert.deepEqual(new Set(await all()), new Set([200]))
    await house.accounts.updateUser(dan.id, { active: false })
    assert.deepEqual(new Set(await all()), new Set([401]))
  })

  it('P18 lose a role on the next request', async () => {
    const cat = await house.accounts.createUser({ name: 'cat', roles: ['editor'] })
    const token = await make({ user: cat.id })
    assert.equal(await status('GET /api/editors', token), 200)
    await house.accounts.updateUser(cat.id, { roles: ['member'] })
    assert.equal(await status('GET /api/editors', token), 403)
  })

  it('P18 R31 revoked by another process are dead within a second', async () => {
    await using other = await openHouse({ store: house.store, endpoints, settings: { now: () => day, watchEvery: 20 } })
    const made = await house.accounts.createToken({ name: 'far' })
    assert.equal((await other.call('GET /api/custom', { token: made.token })).status, 200)
    await house.accounts.revokeToken(made.id)
    const deadline = Date.now() + 1_000
    let last = 200
    while (last === 200 && Date.now() < deadline) {
      await new Promise((later) => setTimeout(later, 10))
      last = (await other.call('GET /api/custom', { token: made.token })).status
    }
    assert.equal(last, 401)
  })

  it('V14 are shown once: stored as a digest, told by no list, found in no row', async () => {
    const made = await house.accounts.createToken({ name: 'secret' })
    assert.match(made.token, /^pat_[\w-]{49}$/)
    const rows = await house.store.read.rows({ from: 'account_tokens', select: ['digest', 'name'] })
    assert.ok(rows.length > 0)
    assert.doesNotMatch(
      JSON.stringify([rows, await house.accounts.listTokens({}), await house.accounts.findToken(made.id)]),
      /pat_/,
    )
    assert.doesNotMatch(JSON.stringify(await house.accounts.listTokens({})), /digest/)
  })

  it('V62 in the query or a header never reach a handler', async () => {
    const token = await make()
    for (const sent of [
      { search: `x=1&token=${token}` },
      { search: `x=1&%61ccess_token=${token}` },
      { token },
      { headers: { 'x-api-token': token } },
    ]) {
      const told = await house.call('GET /api/echo', sent)
      assert.equal(told.status, 200)
      assert.doesNotMatch(told.text, /pat_/)
    }
  })

  it('tell when they were last used, after they were', async () => {
    const made = await house.accounts.createToken({ name: 'used' })
    assert.equal((await house.accounts.findToken(made.id))?.last_used, null)
    await house.call('GET /api/custom', { token: made.token })
    await house.accounts.room.lastUse.write(house.store)
    assert.equal((await house.accounts.findToken(made.id))?.last_used, new Date(day).toISOString())
  })

  it('are told as used after the house was closed in order', async () => {
    await using other = await openHouse({ store: house.store, endpoints, settings: { now: () => day } })
    const made = await house.accounts.createToken({ name: 'late' })
    await other.call('GET /api/custom', { token: made.token })
    await other.accounts.stop()
    assert.equal((await house.accounts.findToken(made.id))?.last_used, new Date(day).toISOString())
  })

  it('ask no database once they were seen', async () => {
    const token = await make({ user: 'ann' })
    const request = { method: 'GET', ip: '', headers: { authorization: `Bearer ${token}` }, rawHeaders: [], search: '' }
    assert.ok(house.accounts.identify(request) instanceof Promise)
    await house.accounts.identify(request)
    const second = house.accounts.identify(request)
    assert.ok(!(second instanceof Promise))
    assert.equal(second.kind, 'user')
  })
})
