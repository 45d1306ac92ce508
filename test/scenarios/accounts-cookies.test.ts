import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { data, openHouse, text, unlimited, type PeopleHouse } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const members = { path: '/api/members', rule: 'user', methods: ['GET', 'POST'], handler: () => 'members' } as const

describe('a cookie session', () => {
  let house: PeopleHouse
  before(async () => {
    house = await openHouse({
      builtins: accountsEndpoints,
      endpoints: [members],
      settings: { limits: unlimited, publicUrl: 'https://site.test', origins: ['https://app.test'] },
    })
    await house.accounts.createUser({ name: 'ann', password })
  })
  after(() => house[Symbol.asyncDispose]())

  const ours = { origin: 'https://site.test' }
  const login = async () => {
    const told = await house.call('POST /api/auth', {
      body: { username: 'ann', password, cookie: true },
      headers: ours,
    })
    return { told, cookie: String(told.headers['set-cookie']).split(';')[0] }
  }

  it('V63 lives in a cookie that no script reads, no other site sends on, and that says nothing', async () => {
    const { told } = await login()
    assert.equal(told.status, 200)
    assert.match(
      String(told.headers['set-cookie']),
      /^__Host-postern=psc_[\w-]{49}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    assert.doesNotMatch(told.text, /psc_|access_token/)
  })

  it('in development, on plain http, has no name or mark that a browser would refuse there', async () => {
    await using plain = await openHouse({
      builtins: accountsEndpoints,
      endpoints: [members],
      settings: { limits: unlimited },
    })
    await plain.accounts.createUser({ name: 'ann', password })
    const told = await plain.call('POST /api/auth', { body: { username: 'ann', password, cookie: true } })
    assert.match(
      String(told.headers['set-cookie']),
      /^postern=psc_[\w-]{49}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const cookie = String(told.headers['set-cookie']).split(';')[0] ?? ''
    assert.equal(
      (await plain.call('POST /api/members', { cookie, headers: { origin: 'http://site.test' } })).status,
      200,
    )
    assert.equal(
      (await plain.call('POST /api/members', { cookie, headers: { origin: 'http://evil.test' } })).status,
      403,
    )
  })

  it('reads and writes from its own pages, and ends by signing out', async () => {
    const { cookie } = await login()
    assert.equal((await house.call('GET /api/members', { cookie })).status, 200)
    assert.equal(data(await house.call('GET /api/auth', { cookie }))['via'], 'cookie')
    assert.equal((await house.call('POST /api/members', { cookie, headers: ours })).status, 200)
    assert.equal(
      (await house.call('POST /api/members', { cookie, headers: { origin: 'https://app.test' } })).status,
      200,
    )
    const out = await house.call('DELETE /api/auth', { cookie, headers: ours })
    assert.equal(out.status, 204)
    assert.match(String(out.headers['set-cookie']), /^__Host-postern=; Max-Age=0/)
    assert.equal((await house.call('GET /api/members', { cookie })).status, 401)
  })

  it('V64 writes from no other origin, however it is named or left out', async () => {
    const { cookie } = await login()
    const foreign = [
      'https://evil.test',
      'null',
      '',
      'http://site.test',
      'https://site.test:444',
      'https://site.test.evil.test',
      'https://sub.site.test',
      'https://SITE.test.',
      'site.test',
    ]
    for (const origin of foreign) {
      for (const verb of ['POST', 'DELETE', 'PUT', 'PATCH']) {
        const path =
          verb === 'POST'
            ? '/api/members'
            : verb === 'DELETE'
              ? '/api/auth'
              : verb === 'PUT'
                ? '/api/me/factor'
                : '/api/me'
        const told = await house.call(`${verb} ${path}`, { cookie, headers: { origin } })
        assert.equal(told.json['code'], 'FOREIGN_ORIGIN', `${verb} ${origin}`)
      }
    }
    for (const headers of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      assert.equal((await house.call('POST /api/members', { cookie, headers })).status, 403)
    }
    assert.equal(
      (await house.call('POST /api/members', { cookie, headers: { 'sec-fetch-site': 'same-origin' } })).status,
      200,
    )
    assert.equal(
      (await house.call('GET /api/members', { cookie, headers: { origin: 'https://evil.test' } })).status,
      200,
    )
  })

  it('V64 is not opened for a visitor by another site’s page', async () => {
    const body = { username: 'ann', password, cookie: true }
    for (const headers of [{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const told = await house.call('POST /api/auth', { body, headers })
      assert.deepEqual([told.status, told.headers['set-cookie']], [403, undefined])
    }
  })

  it('is a cookie and no bearer token, nor the other way round', async () => {
    const { cookie = '' } = await login()
    assert.equal((await house.call('GET /api/members', { token: cookie.split('=')[1] })).status, 401)
    const bearer = text(await house.call('POST /api/auth', { body: { username: 'ann', password } }), 'access_token')
    assert.equal((await house.call('GET /api/members', { cookie: `__Host-postern=${bearer}` })).status, 401)
  })

  it('that is dead is refused once, and taken away so that signing in works again', async () => {
    const told = await house.call('POST /api/auth', {
      body: { username: 'ann', password },
      cookie: '__Host-postern=psc_old',
    })
    assert.equal(told.status, 401)
    assert.match(String(told.headers['set-cookie']), /^__Host-postern=; Max-Age=0/)
  })
})
