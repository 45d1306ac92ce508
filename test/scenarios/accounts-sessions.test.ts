import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { must } from '../../src/errors/must.ts'
import { data, openHouse, text, unlimited, type HouseOptions, type PeopleHouse } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const members = { path: '/api/members', rule: 'user', methods: ['GET', 'POST'], handler: () => 'members' } as const

let clock = Date.parse('2026-11-21T12:00:00Z')

function open(options: HouseOptions = {}): Promise<PeopleHouse> {
  const settings = { limits: unlimited, watchEvery: 20, now: () => clock }
  return openHouse({ builtins: accountsEndpoints, endpoints: [members], settings, ...options })
}

describe('a session', () => {
  let house: PeopleHouse
  before(async () => {
    house = await open()
    await house.accounts.createUser({ name: 'Ann', email: 'ann@site.test', roles: ['member'], password })
  })
  after(() => house[Symbol.asyncDispose]())

  const login = (username = 'ann', extra: object = {}) =>
    house.call('POST /api/auth', { body: { username, password, ...extra } })
  const members = async (token: string) => (await house.call('GET /api/members', { token })).status

  it('is opened by name or by e-mail address, however spelt, and opens what users may see', async () => {
    for (const username of ['Ann', 'ann', 'ANN', 'ann@site.test', 'Ann@Site.TEST']) {
      const told = await login(username)
      assert.equal(told.status, 200, username)
      assert.equal(data(told)['token_type'], 'Bearer')
      assert.equal(data(told)['expires_in'], 600)
      assert.equal(await members(text(told, 'access_token')), 200)
    }
  })

  it('V47 ends on the server at once: access and refresh key are dead after signing out', async () => {
    const told = await login()
    const [token, refresh] = [text(told, 'access_token'), text(told, 'refresh_token')]
    assert.equal(await members(token), 200)
    assert.equal((await house.call('DELETE /api/auth', { token })).status, 204)
    assert.equal(await members(token), 401)
    assert.equal((await house.call('POST /api/auth/refresh', { body: { refresh_token: refresh } })).status, 401)
  })

  it('V47 P18 of two devices: one signs out alone, or everywhere', async () => {
    const [one, two, three] = [await login(), await login(), await login()].map((told) => text(told, 'access_token'))
    assert.ok(one && two && three)
    await house.call('DELETE /api/auth', { token: one })
    assert.deepEqual(await Promise.all([one, two, three].map(members)), [401, 200, 200])
    assert.equal((await house.call('DELETE /api/auth/all', { token: two })).status, 204)
    assert.deepEqual(await Promise.all([one, two, three].map(members)), [401, 401, 401])
  })

  it('V47 R31 that ended on one node is dead on another within a second', async () => {
    await using other = await open({ store: house.store })
    const token = text(await login(), 'access_token')
    assert.equal((await other.call('GET /api/members', { token })).status, 200)
    await house.call('DELETE /api/auth', { token })
    const deadline = Date.now() + 1_000
    while ((await other.call('GET /api/members', { token })).status !== 401) {
      assert.ok(Date.now() < deadline, 'still good after a second')
      await new Promise((later) => setTimeout(later, 10))
    }
  })

  it('lasts ten minutes by its access key, and goes on by its refresh key, which works once', async () => {
    const told = await login()
    const access = text(told, 'access_token')
    clock += 599_000
    assert.equal(await members(access), 200)
    clock += 2_000
    assert.equal(await members(access), 401)
    const renewed = await house.call('POST /api/auth', {
      body: { grant_type: 'refresh_token', refresh_token: text(told, 'refresh_token') },
    })
    assert.equal(renewed.status, 200)
    assert.equal(await members(text(renewed, 'access_token')), 200)
    assert.notEqual(text(renewed, 'refresh_token'), text(told, 'refresh_token'))
  })

  it('lasts as long as it is renewed within thirty days', async () => {
    const days = 86_400_000
    let refresh = text(await login(), 'refresh_token')
    const renew = async () => house.call('POST /api/auth/refresh', { body: { refresh_token: refresh } })
    for (let month = 0; month < 3; month++) {
      clock += 29 * days
      const told = await renew()
      assert.equal(told.status, 200, String(month))
      refresh = text(told, 'refresh_token')
    }
    clock += 30 * days
    assert.equal((await renew()).status, 401)
  })

  it('V51 is renewed once by fifty refreshes at once; a later one ends it for whoever holds it', async () => {
    const told = await login()
    const body = { refresh_token: text(told, 'refresh_token') }
    const all = await Promise.all(Array.from({ length: 50 }, () => house.call('POST /api/auth/refresh', { body })))
    const won = all.filter((one) => one.status === 200)
    assert.equal(won.length, 1)
    assert.equal(all.filter((one) => one.status === 401).length, 49)
    const fresh = text(must(won[0], 'one won'), 'access_token')
    assert.equal(await members(fresh), 200)
    clock += 60_000
    assert.equal((await house.call('POST /api/auth/refresh', { body })).status, 401)
    assert.equal(await members(fresh), 401)
    const next = { refresh_token: text(must(won[0], 'one won'), 'refresh_token') }
    assert.equal((await house.call('POST /api/auth/refresh', { body: next })).status, 401)
    const audit = await house.accounts.listAudit({ event: 'session.reuse', limit: 10 })
    assert.equal(audit.length, 1)
  })

  it('V44 is opened by no key made for something else', async () => {
    const told = await login()
    const refresh = text(told, 'refresh_token')
    const device = text(told, 'device')
    for (const token of [refresh, device]) assert.equal(await members(token), 401)
    for (const wrong of [text(told, 'access_token'), device, 'x']) {
      assert.equal((await house.call('POST /api/auth/refresh', { body: { refresh_token: wrong } })).status, 401)
    }
  })

  it('V48 ends when the password, the address or the roles change, but for the one that changed them', async () => {
    await house.accounts.createUser({ name: 'bob', email: 'bob@site.test', roles: ['member'], password })
    const session = async (): Promise<string> => text(await login('bob'), 'access_token')
    const [here, there] = [await session(), await session()]
    const changed = await house.call('POST /api/me/password', {
      token: here,
      body: { password, new_password: 'another password' },
    })
    assert.equal(changed.status, 204, changed.text)
    assert.deepEqual([await members(here), await members(there)], [200, 401])
    assert.equal((await login('bob')).status, 401)
    const bob = must(await house.accounts.findUser('bob'), 'made above')
    for (const change of [{ roles: ['editor'] }, { email: 'bob2@site.test' }, { password }]) {
      await house.accounts.updateUser(bob.id, { password })
      const token = await session()
      await house.accounts.updateUser(bob.id, change)
      assert.equal(await members(token), 401, JSON.stringify(change))
    }
  })

  it('V49 V50 is dead with its user, from the next request on', async () => {
    const cat = await house.accounts.createUser({ name: 'cat', password })
    const token = text(await login('cat'), 'access_token')
    await house.accounts.updateUser(cat.id, { active: false })
    assert.equal(await members(token), 401)
    assert.equal((await login('cat')).status, 401)
    await house.accounts.updateUser(cat.id, { active: true })
    assert.equal(await members(token), 401)
    const again = text(await login('cat'), 'access_token')
    await house.accounts.deleteUser(cat.id)
    assert.equal(await members(again), 401)
    assert.equal((await login('cat')).status, 401)
  })

  it('V28 is listed and ended by its owner alone', async () => {
    await house.accounts.createUser({ name: 'dan', password })
    const ann = text(await login(), 'access_token')
    const dan = text(await login('dan'), 'access_token')
    const listed = (await house.call('GET /api/auth/sessions', { token: dan })).json['data']
    assert.ok(Array.isArray(listed))
    assert.deepEqual([listed.length, (listed[0] as { current: boolean }).current], [1, true])
    const second = await login('dan', { device: text(await login('dan'), 'device') })
    const count = async () =>
      (await house.accounts.listSessions(must(await house.accounts.findUser('dan'), 'made').id)).length
    assert.equal(await count(), 3)
    await house.call('DELETE /api/auth', { token: text(second, 'access_token') })
    assert.equal(await count(), 2)
    const { id } = listed[0] as { id: number }
    assert.equal((await house.call(`DELETE /api/auth/sessions/${id}`, { token: ann })).status, 404)
    assert.equal(await members(dan), 200)
    assert.equal((await house.call(`DELETE /api/auth/sessions/${id}`, { token: dan })).status, 204)
    assert.equal(await members(dan), 401)
    for (const odd of ['0', '-1', '1e3', 'x', '1.5', '99999999999999999999', '']) {
      assert.equal((await house.call(`DELETE /api/auth/sessions/${odd}`, { token: ann })).status, 404, odd)
    }
  })

  it('tells who one is, without anything that is nobody else’s business', async () => {
    const token = text(await login(), 'access_token')
    const me = await house.call('GET /api/me', { token })
    assert.deepEqual(Object.keys(data(me)).toSorted(), [
      'active',
      'code',
      'created',
      'email',
      'id',
      'modified',
      'name',
      'roles',
      'verified',
    ])
    assert.equal((await house.call('GET /api/me')).status, 401)
    assert.equal(data(await house.call('GET /api/auth', { token }))['via'], 'session')
    const out = await house.call('DELETE /api/auth', { token })
    assert.deepEqual([out.status, out.headers['set-cookie']], [204, undefined])
  })

  it('is not opened by a question whether the password is right', async () => {
    const ask = async (body: object) => data(await house.call('POST /api/auth/check', { body }))
    const before = await house.store.read.count({ from: 'account_sessions', select: [] })
    assert.deepEqual(await ask({ username: 'ann', password }), { valid: true })
    assert.deepEqual(await ask({ username: 'ann', password: 'wrong' }), { valid: false })
    assert.deepEqual(await ask({ username: 'nobody', password }), { valid: false })
    assert.equal(await house.store.read.count({ from: 'account_sessions', select: [] }), before)
  })

  it('V56 V59 V69 is asked for in words only: anything else is 400', async () => {
    const odd = [{}, { $ne: null }, { $gt: '' }, [], ['ann'], 1, true, null, '']
    for (const value of odd) {
      for (const body of [
        { username: value, password },
        { username: 'ann', password: value },
        { grant_type: 'refresh_token', refresh_token: value },
        { username: 'ann', password, grant_type: value },
      ]) {
        const told = await house.call('POST /api/auth', { body })
        assert.equal(told.status, 400, JSON.stringify(body))
      }
      assert.equal((await house.call('POST /api/auth/refresh', { body: { refresh_token: value } })).status, 400)
      assert.equal((await house.call('POST /api/auth/forgotten', { body: { email: value } })).status, 400)
      assert.equal((await house.call('POST /api/auth/reset', { body: { link: value, password } })).status, 400)
      assert.equal(
        (await house.call('POST /api/auth/check', { body: { username: 'ann', password: value } })).status,
        400,
      )
    }
    for (const body of [undefined, [], 'x', 1, null])
      assert.equal((await house.call('POST /api/auth', { body })).status, 400)
    assert.equal((await login('ann', { role: 'admin' })).status, 400)
  })

  it('V58 knows passwords to their last letter, and refuses a giant at once', async () => {
    const long = 'x'.repeat(89)
    await house.accounts.createUser({ name: 'eve', password: `${long}a${'y'.repeat(10)}` })
    const tryWith = async (word: string) =>
      (await house.call('POST /api/auth', { body: { username: 'eve', password: word } })).status
    assert.equal(await tryWith(`${long}a${'y'.repeat(10)}`), 200)
    assert.equal(await tryWith(`${long}b${'y'.repeat(10)}`), 401)
    const started = performance.now()
    assert.equal(await tryWith('x'.repeat(1_000_000)), 400)
    assert.ok(performance.now() - started < 500)
  })

  it('V58 renews a hash that was made at a lower cost, without ending a session', async () => {
    await using dearer = await open({
      store: house.store,
      settings: {
        limits: unlimited,
        now: () => clock,
        passwordCost: { memoryCost: 2_048, timeCost: 2, parallelism: 1 },
      },
    })
    const hash = async () =>
      String(
        (
          await house.store.read.first({
            from: 'account_users',
            select: ['password'],
            where: { column: 'name_key', is: 'eq', value: 'ann' },
          })
        )?.['password'],
      )
    const token = text(await login(), 'access_token')
    assert.match(await hash(), /m=1024,t=1/)
    assert.equal((await dearer.call('POST /api/auth', { body: { username: 'ann', password } })).status, 200)
    await dearer.accounts.room.background.settle()
    const renewed = await hash()
    assert.match(renewed, /^\$argon2id\$v=19\$m=2048,t=2/)
    assert.equal((await dearer.call('POST /api/auth', { body: { username: 'ann', password } })).status, 200)
    await dearer.accounts.room.background.settle()
    assert.equal(await hash(), renewed)
    assert.equal(await members(token), 200)
  })

  it('V52 V18 tells unknown user, wrong password and user out of use in the same bytes', async () => {
    const off = await house.accounts.createUser({ name: 'off', password, active: false })
    await house.accounts.createUser({ name: 'nopass' })
    const told = await Promise.all(
      ['ann', 'nobody', 'off', 'nopass', off.code, 'x@y.de'].map((username) =>
        house.call('POST /api/auth', {
          body: { username, password: username === 'off' ? password : 'wrong password' },
        }),
      ),
    )
    for (const one of told) {
      assert.equal(one.status, 401)
      assert.deepEqual([one.text, one.headers], [told[0]?.text, told[0]?.headers])
    }
  })

  it('V13 V62 leaves no hash, digest or key in any answer or log', () => {
    assert.doesNotMatch(house.heard(), /argon2|digest|\$argon|"password":"[^"]|totp/)
  })
})
