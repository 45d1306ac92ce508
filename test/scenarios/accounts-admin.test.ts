import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { purge } from '../../src/accounts/purge.ts'
import { data, text } from '../fixtures/people-house.ts'
import { list, openPeople, password, type People } from '../fixtures/signed-in-people.ts'

let clock = Date.parse('2026-11-21T12:00:00Z')

describe('API tokens over HTTP', () => {
  let people: People
  before(async () => {
    people = await openPeople(() => clock)
  })
  after(() => people.house[Symbol.asyncDispose]())

  it('V14 are told once, when they are made, and never again to anybody', async () => {
    const { house, root, ann } = people
    const made = await house.call('POST /api/tokens', {
      token: ann,
      body: { name: 'mine', scopes: ['read'], expires: '30d' },
    })
    assert.equal(made.status, 201)
    const secret = text(made, 'token')
    assert.equal((await house.call('GET /api/me', { token: secret })).status, 200)
    for (const token of [ann, root, secret]) {
      for (const path of ['/api/tokens', `/api/tokens/${String(data(made)['id'])}`]) {
        const told = await house.call(`GET ${path}`, { token })
        assert.equal(told.status, 200)
        assert.doesNotMatch(told.text, /pat_|digest/)
      }
    }
  })

  it('V28 belong to their makers: nobody else reads or revokes one, nor makes one for somebody', async () => {
    const { house, root, ann, ids } = people
    const made = await house.call('POST /api/tokens', { token: root, body: { name: 'root’s' } })
    const path = `/api/tokens/${String(data(made)['id'])}`
    assert.deepEqual(
      [
        (await house.call(`GET ${path}`, { token: ann })).status,
        (await house.call(`DELETE ${path}`, { token: ann })).status,
      ],
      [404, 404],
    )
    assert.equal((await house.call('GET /api/me', { token: text(made, 'token') })).status, 200)
    for (const field of ['user', 'user_id', 'creator', 'creator_id', 'digest', 'token', 'id']) {
      const told = await house.call('POST /api/tokens', { token: ann, body: { name: 'x', [field]: ids.root } })
      assert.deepEqual([told.status, told.json['code']], [400, 'UNKNOWN_FIELD'], field)
    }
    const makers = await house.store.read.rows({ from: 'account_tokens', select: ['user_id', 'creator_id'] })
    assert.ok(makers.every((row) => row['creator_id'] !== null && row['creator_id'] === row['user_id']))
    assert.ok(list(await house.call('GET /api/tokens', { token: ann })).every((token) => token['user'] === ids.ann))
    assert.equal((await house.call(`DELETE ${path}`, { token: root })).status, 204)
    assert.equal((await house.call('GET /api/me', { token: text(made, 'token') })).status, 401)
  })

  it('V33 V32 make no tokens, change no password and open no account: they cannot make themselves more', async () => {
    const { house, ann } = people
    const secret = text(await house.call('POST /api/tokens', { token: ann, body: { name: 'strong' } }), 'token')
    const bodies: readonly [string, object][] = [
      ['POST /api/tokens', { name: 'more' }],
      ['POST /api/me/password', { password, new_password: 'another password' }],
      ['PATCH /api/me', { name: 'other' }],
      ['POST /api/me/factor', {}],
      ['POST /api/me/deactivate', { password }],
      ['DELETE /api/auth', {}],
      ['DELETE /api/auth/all', {}],
    ]
    for (const [request, body] of bodies) {
      const told = await house.call(request, { token: secret, body })
      assert.deepEqual([told.status, told.json['code']], [403, 'NEEDS_SESSION'], request)
    }
    assert.equal((await house.call('GET /api/me', { token: ann })).status, 200)
  })

  it('V33 with a read scope change nothing at all, on any route there is', async () => {
    const { house, root } = people
    const secret = text(
      await house.call('POST /api/tokens', { token: root, body: { name: 'reader', scopes: ['read'] } }),
      'token',
    )
    const before = await house.store.read.rows({ from: 'account_users', select: ['id', 'name', 'roles', 'modified'] })
    let tried = 0
    for (const { record } of accountsEndpoints(house.accounts)) {
      for (const method of record.methods.filter((one) => one !== 'GET')) {
        const told = await house.call(`${method} ${record.path.replace(':id', '1').replace(':provider', 'x')}`, {
          token: secret,
          body: {},
        })
        assert.deepEqual([told.status, told.json['code']], [403, 'OUT_OF_SCOPE'], record.id)
        tried++
      }
    }
    assert.ok(tried > 20)
    assert.deepEqual(
      await house.store.read.rows({ from: 'account_users', select: ['id', 'name', 'roles', 'modified'] }),
      before,
    )
  })
})

describe('administering people', () => {
  it('V23 V29 is for administrators on every route, and for nobody else', async () => {
    await using house = (await openPeople(() => clock)).house
    const login = async (username: string) =>
      text(await house.call('POST /api/auth', { body: { username, password } }), 'access_token')
    const ann = await login('ann')
    const only = ['/api/auth/users', '/api/auth/users/:id', '/api/auth/users/:id/factor', '/api/switches', '/api/audit']
    const records = accountsEndpoints(house.accounts).map((one) => one.record)
    const administering = records.filter((record) => only.includes(record.path))
    assert.equal(administering.length, 10)
    for (const record of administering) {
      assert.deepEqual(record.rule, { role: ['admin'] }, record.id)
      const request = `${record.methods[0] ?? ''} ${record.path.replace(':id', '1')}`
      assert.equal((await house.call(request, { body: {} })).status, 401, request)
      assert.equal((await house.call(request, { token: ann, body: {} })).status, 403, request)
    }
    const closed = records.filter((record) => record.rule === undefined)
    assert.deepEqual(closed, [])
  })

  it('V27 V26 gives roles to others, never to oneself, and only roles that there are', async () => {
    const { house, root, ids } = await openPeople(() => clock)
    await using _house = house
    const patch = (id: number, body: object) => house.call(`PATCH /api/auth/users/${id}`, { token: root, body })
    assert.deepEqual(data(await patch(ids.ann, { roles: ['editor'] }))['roles'], ['editor'])
    assert.equal((await patch(ids.ann, { roles: ['boss'] })).status, 422)
    assert.equal((await patch(ids.ann, { roles: 'admin' })).status, 400)
    for (const body of [{ roles: [] }, { active: false }, { password }])
      assert.equal((await patch(ids.root, body)).status, 403)
    for (const field of ['id', 'code', 'verified', 'totp', 'created', 'password_hash']) {
      assert.equal((await patch(ids.ann, { [field]: 'x' })).status, 400, field)
    }
    assert.equal((await house.call(`DELETE /api/auth/users/${ids.root}`, { token: root })).status, 403)
    assert.equal((await patch(9_999, { name: 'x' })).status, 404)
  })

  it('V49 puts a user out of use, lists and deletes, at once', async () => {
    const { house, root, ann, ids } = await openPeople(() => clock)
    await using _house = house
    assert.equal(list(await house.call('GET /api/auth/users', { token: root })).length, 2)
    const next = list(await house.call('GET /api/auth/users', { token: root, search: 'page_size=1&after=1' }))
    assert.deepEqual(
      next.map((user) => user['id']),
      [ids.ann],
    )
    await house.call(`PATCH /api/auth/users/${ids.ann}`, { token: root, body: { active: false } })
    assert.equal((await house.call('GET /api/me', { token: ann })).status, 401)
    await house.call(`PATCH /api/auth/users/${ids.ann}`, { token: root, body: { active: true } })
    await house.call('POST /api/auth', { body: { username: 'ann', password } })
    assert.equal((await house.call(`DELETE /api/auth/users/${ids.ann}`, { token: root })).status, 204)
    assert.deepEqual(await house.accounts.listSessions(ids.ann), [])
    assert.equal((await house.call(`GET /api/auth/users/${ids.ann}`, { token: root })).status, 404)
  })
})

describe('what has run out', () => {
  it('is taken away, and what is still good stays', async () => {
    const { house, ann } = await openPeople(() => clock)
    await using _house = house
    const keys = () => house.store.read.count({ from: 'account_session_keys', select: [] })
    assert.equal(await keys(), 4)
    await purge(house.accounts.room)
    assert.deepEqual([await keys(), (await house.call('GET /api/me', { token: ann })).status], [4, 200])
    await house.accounts.createUser({ name: 'bob', email: 'bob@site.test' })
    await house.call('POST /api/auth/forgotten', { body: { email: 'bob@site.test' } })
    await house.accounts.room.background.settle()
    const left = async () => {
      await purge(house.accounts.room)
      const rows = (from: string) => house.store.read.count({ from, select: [] })
      return [await keys(), await rows('account_sessions'), await rows('account_links')]
    }
    clock += 31 * 86_400_000
    assert.deepEqual(await left(), [0, 2, 0])
    clock += 30 * 86_400_000
    assert.deepEqual(await left(), [0, 0, 0])
  })
})
