import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { generate } from 'otplib'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { ownPath } from '../../src/accounts/oidc.ts'
import { confirmFactor } from '../../src/accounts/totp.ts'
import type { AccountsSettings } from '../../src/accounts/settings.ts'
import { openProvider, type TestProvider } from '../fixtures/oidc-provider.ts'
import { openHouse, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'

let provider: TestProvider
before(async () => {
  provider = await openProvider()
})
after(() => provider[Symbol.asyncDispose]())

function open(settings: AccountsSettings = {}): Promise<PeopleHouse> {
  provider.claims = {}
  provider.wrong = {}
  provider.signing = 'RS256'
  provider.described = 0
  const oidc = { test: { issuer: provider.issuer, clientId: 'postern', clientSecret: 'hush', allowHttp: true } }
  return openHouse({
    builtins: accountsEndpoints,
    settings: { limits: unlimited, publicUrl: 'https://site.test', oidc, ...settings },
  })
}

interface Journey {
  readonly cookie: string
  readonly state: string
  readonly code: string
}

async function depart(house: PeopleHouse, returnTo?: string): Promise<Journey> {
  const search = returnTo === undefined ? '' : `return_to=${encodeURIComponent(returnTo)}`
  const told = await house.call('GET /api/auth/oidc/test', { search })
  assert.equal(told.status, 303, told.text)
  const { location = '' } = told.headers
  const state = new URL(location).searchParams.get('state') ?? ''
  return { cookie: cookieOf(told), state, code: provider.agree(location) }
}

function arrive(house: PeopleHouse, { cookie, state, code }: Journey, path = 'test'): Promise<Told> {
  return house.call(`GET /api/auth/oidc/${path}/callback`, {
    cookie,
    search: `code=${code}&state=${state}&session_state=x`,
  })
}

function cookieOf(told: Told): string {
  return String(told.headers['set-cookie']).split(';')[0] ?? ''
}

async function visit(house: PeopleHouse, returnTo?: string): Promise<Told> {
  return arrive(house, await depart(house, returnTo))
}

async function nameOf(house: PeopleHouse, told: Told): Promise<unknown> {
  const me = await house.call('GET /api/me', { cookie: cookieOf(told) })
  return me.status === 200 ? (me.json['data'] as { name: string }).name : me.status
}

const vouched = { email: 'ann@site.test', email_verified: true, preferred_username: 'ann' }

describe('signing in elsewhere', () => {
  it('goes out with state, nonce and PKCE, and comes back to a cookie session', async () => {
    await using house = await open({ register: { roles: ['member'] } })
    provider.claims = vouched
    const out = await house.call('GET /api/auth/oidc/test', { search: 'return_to=/desk?x=1' })
    const asked = new URL(String(out.headers['location'])).searchParams
    assert.equal(asked.get('redirect_uri'), 'https://site.test/api/auth/oidc/test/callback')
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((asked.get(name) ?? '').length > 20, name)
    assert.match(String(out.headers['set-cookie']), /HttpOnly; Secure; SameSite=Lax/)
    const told = await visit(house, '/desk?x=1')
    assert.deepEqual([told.status, told.headers['location']], [303, '/desk?x=1'])
    assert.match(String(told.headers['set-cookie']), /^__Host-postern=psc_/)
    assert.equal(await nameOf(house, told), 'ann')
    assert.equal(typeof (await house.accounts.findUser('ann'))?.verified, 'string')
    assert.equal(await nameOf(house, await visit(house)), 'ann')
    assert.equal((await house.accounts.listUsers({ limit: 5, after: 0 })).length, 1)
    assert.equal(provider.described, 1)
  })

  it('is told as away for a moment while the provider cannot be reached, and works again by itself', async () => {
    const away = { issuer: 'http://127.0.0.1:9', clientId: 'postern', allowHttp: true }
    await using house = await open({ oidc: { test: away } })
    const told = await house.call('GET /api/auth/oidc/test')
    assert.deepEqual([told.status, told.headers['retry-after'], told.headers['set-cookie']], [503, '10', undefined])
    Object.assign(away, { issuer: provider.issuer })
    assert.equal((await house.call('GET /api/auth/oidc/test')).status, 303)
  })

  it('V60 needs the state of this very browser, once', async () => {
    await using house = await open({ register: {} })
    const mine = await depart(house)
    const other = await depart(house)
    const wrong: readonly Journey[] = [
      { ...mine, cookie: '' },
      { ...mine, cookie: other.cookie },
      { ...mine, state: 'x' },
      { ...mine, state: '' },
    ]
    for (const journey of wrong) assert.equal((await arrive(house, journey)).status, 400)
    assert.equal((await arrive(house, mine)).status, 303)
    assert.equal((await arrive(house, mine)).status, 400)
    assert.equal((await arrive(house, other, 'nobody')).status, 400)
    assert.equal((await house.call('GET /api/auth/oidc/nobody')).status, 404)
  })

  it('V44 V60 believes only tokens made for this site, this provider and this journey', async () => {
    await using house = await open({ register: {} })
    const past = Math.floor(Date.now() / 1_000) - 3_600
    for (const wrong of [
      { aud: 'another' },
      { iss: 'https://evil.test' },
      { nonce: 'other' },
      { exp: past },
      { sub: '' },
      { aud: undefined },
    ]) {
      provider.wrong = wrong
      assert.equal((await visit(house)).status, 401, JSON.stringify(wrong))
    }
    assert.equal(await house.store.read.count({ from: 'account_users', select: [] }), 0)
    assert.equal(await house.store.read.count({ from: 'account_sessions', select: [] }), 0)
  })

  it('V42 V43 believes no token that is not signed, or signed with what everybody can read', async () => {
    await using house = await open({ register: {} })
    for (const signing of ['none', 'None', 'HS256'] as const) {
      provider.signing = signing
      assert.equal((await visit(house)).status, 401, signing)
    }
    assert.equal(await house.store.read.count({ from: 'account_users', select: [] }), 0)
    provider.signing = 'RS256'
    assert.equal((await visit(house)).status, 303)
  })

  it('V60 takes nobody of one provider for the namesake of another', async () => {
    const test = { issuer: provider.issuer, clientId: 'postern', clientSecret: 'hush', allowHttp: true }
    await using second = await openProvider()
    const other = { ...test, issuer: second.issuer, scope: 'profile' }
    await using house = await open({ register: {}, oidc: { test, other } })
    const visitAt = async (path: string, at: TestProvider): Promise<unknown> => {
      const out = await house.call(`GET /api/auth/oidc/${path}`)
      const location = new URL(String(out.headers['location']))
      const scope = path === 'test' ? 'openid email profile' : 'openid profile'
      assert.equal(location.searchParams.get('scope'), scope)
      const [code, state] = [at.agree(location.href), location.searchParams.get('state') ?? '']
      return nameOf(house, await arrive(house, { cookie: cookieOf(out), state, code }, path))
    }
    provider.claims = { preferred_username: 'ann' }
    second.claims = { preferred_username: 'eve' }
    assert.deepEqual([await visitAt('test', provider), await visitAt('other', second)], ['ann', 'eve'])
    assert.deepEqual([await visitAt('other', second), await visitAt('test', provider)], ['eve', 'ann'])
    const [signedIn] = await house.accounts.listAudit({ limit: 1 })
    assert.deepEqual([signedIn?.event, signedIn?.detail], ['sign-in', { provider: 'test' }])
    const [made] = await house.accounts.listAudit({ event: 'user.created', limit: 1 })
    assert.deepEqual([made?.user_id, made?.detail], [2, { issuer: second.issuer }])
  })

  it('is told as away where the provider went away meanwhile, and asked over plain http only where that is allowed', async () => {
    await using house = await open({ register: {} })
    const out = await depart(house)
    const away = { issuer: 'http://127.0.0.1:9', clientId: 'postern', allowHttp: true }
    const plain = { issuer: provider.issuer, clientId: 'postern' }
    await using other = await openHouse({
      store: house.store,
      builtins: accountsEndpoints,
      settings: { limits: unlimited, publicUrl: 'https://site.test', oidc: { test: away, plain }, register: {} },
    })
    const told = await arrive(other, out)
    assert.deepEqual([told.status, told.headers['retry-after']], [503, '10'])
    const described = provider.described
    assert.equal((await other.call('GET /api/auth/oidc/plain')).status, 503)
    assert.equal(provider.described, described)
  })

  it('V60 ties nobody by an address that either side has not proved', async () => {
    await using house = await open({ register: {} })
    await house.accounts.createUser({ name: 'squatter', email: 'ann@site.test' })
    provider.claims = vouched
    const refused = await visit(house)
    assert.deepEqual([refused.status, refused.headers['set-cookie']], [409, undefined])
    assert.match(refused.text, /has not proved it yet/)
    provider.claims = { ...vouched, email_verified: false }
    const told = await visit(house)
    assert.equal(await nameOf(house, told), 'ann')
    const ann = await house.accounts.requireUser('ann')
    assert.deepEqual([ann.email, ann.verified], [null, null])
    assert.equal((await house.accounts.findUser('ann@site.test'))?.name, 'squatter')
  })

  it('ties the user who has proved the same address, and V49 no longer once out of use', async () => {
    await using house = await open()
    const user = await house.accounts.createUser({ name: 'anna', email: 'ann@site.test', verified: true })
    provider.claims = vouched
    assert.equal(await nameOf(house, await visit(house)), 'anna')
    provider.claims = { email: 'moved@site.test', email_verified: true }
    assert.equal(await nameOf(house, await visit(house)), 'anna')
    provider.claims = {}
    assert.equal(await nameOf(house, await visit(house)), 'anna')
    assert.equal((await house.accounts.findUser('anna'))?.email, 'ann@site.test')
    await house.accounts.updateUser(user.id, { active: false })
    assert.equal((await visit(house)).status, 401)
  })

  it('V38 V26 lets nobody register where the site does not, nor with a role of their own', async () => {
    await using house = await open()
    provider.claims = vouched
    assert.equal((await visit(house)).status, 403)
    await using other = await open({ register: { roles: ['member'] } })
    provider.claims = { ...vouched, roles: ['admin'], role: 'admin', id: 1 }
    await visit(other)
    assert.deepEqual((await other.accounts.findUser('ann'))?.roles, ['member'])
  })

  it('gives newcomers the name they go by, or one that is free, and knows each again', async () => {
    await using house = await open({ register: {} })
    const names: unknown[] = []
    for (const [sub, name] of [
      ['1', 'tom'],
      ['2', 'tom'],
      ['3', 'a@b'],
      ['1', 'other'],
    ]) {
      provider.claims = { sub, preferred_username: name }
      names.push(await nameOf(house, await visit(house)))
    }
    assert.deepEqual([names[0], names[2], names[3]], ['tom', 'guest', 'tom'])
    assert.match(String(names[1]), /^tom-[0-9a-f]{8}$/)
    provider.claims = { sub: '4', preferred_username: 'no@name', email: 'eve@site.test', email_verified: true }
    assert.equal(await nameOf(house, await visit(house)), 'eve')
    assert.equal((await house.accounts.listUsers({ limit: 10, after: 0 })).length, 4)
  })

  it('V61 does not pass by the second factor', async () => {
    await using house = await open()
    const user = await house.accounts.createUser({ name: 'ann', email: 'ann@site.test', verified: true })
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    const epoch = Math.floor(Date.now() / 1_000)
    await confirmFactor(house.accounts.room, user.id, { secret, code: await generate({ secret, epoch: epoch - 30 }) })
    provider.claims = vouched
    const asked = await visit(house, '/desk')
    assert.doesNotMatch(String(asked.headers['set-cookie']), /psc_/)
    const link = new URL(String(asked.headers['location']), 'https://site.test').searchParams.get('link')
    const guess = await house.call('POST /api/auth/factor', { body: { link, code: '000000' } })
    assert.deepEqual([guess.status, guess.headers['set-cookie']], [401, undefined])
    const next = new URL(
      String((await visit(house, '/desk')).headers['location']),
      'https://site.test',
    ).searchParams.get('link')
    const told = await house.call('POST /api/auth/factor', { body: { link: next, code: await generate({ secret }) } })
    assert.deepEqual([told.status, told.headers['location']], [303, '/desk'])
    assert.equal(await nameOf(house, told), 'ann')
  })

  it('V66 comes back to a path of this site, whatever it was told', async () => {
    await using house = await open({ register: {} })
    const tricks = [
      '//evil.test',
      '///evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      'https://evil.test',
      'https:evil.test',
      'javascript:alert(1)',
      '/\t/evil.test',
      '/\n/evil.test',
      '/ /evil.test',
      '/%0d%0aset-cookie:a=b\r\n',
      'evil.test',
      '@evil.test',
      '',
      '/.//evil.test',
      '/..//evil.test',
      '/%5c%5cevil.test',
      'data:text/html,x',
      '/\u2028/evil',
      '/／evil.test',
    ]
    for (const trick of tricks) {
      const told = await visit(house, trick)
      const location = String(told.headers['location'])
      assert.equal(
        new URL(location, 'https://site.test').origin,
        'https://site.test',
        JSON.stringify([trick, location]),
      )
      assert.match(location, /^\/(?![/\\])/, JSON.stringify([trick, location]))
    }
    for (const odd of [undefined, null, 7, ['/desk'], ...tricks.filter((one) => one !== '/%5c%5cevil.test')])
      assert.equal(ownPath(odd), '/', JSON.stringify(odd))
    for (const own of ['/', '/desk', '/desk?x=1&y=/a//b#part', '/%5c%5cevil.test']) assert.equal(ownPath(own), own)
  })
})
