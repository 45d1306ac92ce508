import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { generate } from 'otplib'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { newLink } from '../../src/accounts/links.ts'
import { confirmFactor } from '../../src/accounts/totp.ts'
import { openMailbox } from '../fixtures/mailbox.ts'
import { data, openHouse, text, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'
import { list } from '../fixtures/signed-in-people.ts'

const password = 'correct horse battery'
const ours = { origin: 'https://site.test' }

describe('what the doors of accounts answer', () => {
  let house: PeopleHouse
  before(async () => {
    house = await openHouse({
      builtins: accountsEndpoints,
      settings: { limits: unlimited, publicUrl: 'https://site.test', register: { verify: true } },
    })
  })
  after(() => house[Symbol.asyncDispose]())

  const login = (username: string, extra: object = {}, word = password): Promise<Told> =>
    house.call('POST /api/auth', { body: { username, password: word, ...extra }, headers: ours })
  const tokenOf = async (username: string): Promise<string> => text(await login(username), 'access_token')
  const cookieOf = async (username: string): Promise<string> =>
    String((await login(username, { cookie: true })).headers['set-cookie']).split(';')[0] ?? ''
  const make = (name: string, roles: string[] = []) =>
    house.accounts.createUser({ name, email: `${name}@site.test`, password, roles })

  it('what tells a secret, or whether one is right, is kept by no cache', async () => {
    await make('cache')
    const token = await tokenOf('cache')
    const told = [
      await login('cache'),
      await house.call('POST /api/auth/check', { body: { username: 'cache', password } }),
      await house.call('POST /api/me/factor', { token }),
    ]
    for (const { status, headers } of told) assert.deepEqual([status, headers['cache-control']], [200, 'no-store'])
  })

  it('a password is changed by whoever knows it, and by no one who only holds the session', async () => {
    await make('keeper')
    const token = await tokenOf('keeper')
    const change = (word: string) =>
      house.call('POST /api/me/password', { token, body: { password: word, new_password: 'another password' } })
    const refused = await change('wrong password')
    assert.deepEqual(
      [refused.status, refused.json['errors']],
      [422, [{ path: 'body.password', message: 'is not right' }]],
    )
    assert.equal((await login('keeper')).status, 200)
    assert.equal((await change(password)).status, 204)
    assert.equal((await login('keeper')).status, 401)
  })

  it('a browser’s cookie goes with its session, whichever way that ends', async () => {
    await make('browser')
    for (const [request, body] of [
      ['DELETE /api/auth', undefined],
      ['DELETE /api/auth/all', undefined],
      ['POST /api/me/deactivate', { password }],
    ] as const) {
      const told = await house.call(request, { cookie: await cookieOf('browser'), headers: ours, body })
      assert.equal(told.status, 204, request)
      assert.match(String(told.headers['set-cookie']), /^__Host-postern=; Max-Age=0/, request)
    }
  })

  it('a bearer session is opened for a page of any site, since no browser sends it along by itself', async () => {
    await make('page')
    const told = await house.call('POST /api/auth', {
      body: { username: 'page', password },
      headers: { origin: 'https://other.test' },
    })
    assert.deepEqual([told.status, told.headers['set-cookie']], [200, undefined])
  })

  it('an administrator makes users, changes their address and password, and sees everybody’s tokens', async () => {
    await make('root', ['admin'])
    const token = await tokenOf('root')
    const made = await house.call('POST /api/auth/users', { token, body: { name: 'made', email: 'made@site.test' } })
    assert.equal(made.status, 201)
    const path = `/api/auth/users/${String(data(made)['id'])}`
    const changed = await house.call(`PATCH ${path}`, {
      token,
      body: { email: 'moved@site.test', password: 'given by root' },
    })
    assert.deepEqual([changed.status, data(changed)['email']], [200, 'moved@site.test'])
    assert.equal((await login('moved@site.test', {}, 'given by root')).status, 200)
    const own = await tokenOf('page')
    await house.call('POST /api/tokens', { token: own, body: { name: 'of page' } })
    const names = async (of: string) =>
      list(await house.call('GET /api/tokens', { token: of })).map((one) => one['name'])
    assert.deepEqual([await names(token), await names(own)], [['of page'], ['of page']])
    await make('none')
    assert.deepEqual(await names(await tokenOf('none')), [])
  })

  it('a new factor ends the other sessions at once, those that were just used too', async () => {
    const user = await make('factor')
    const [here, there] = [await tokenOf('factor'), await tokenOf('factor')]
    const me = async (token: string) => (await house.call('GET /api/me', { token })).status
    assert.deepEqual([await me(here), await me(there)], [200, 200])
    const told = await house.call('POST /api/me/factor', { token: here })
    assert.match(text(told, 'uri'), /^otpauth:\/\/totp\/site\.test:factor\?.*issuer=site\.test/)
    const secret = text(told, 'secret')
    const body = { secret, code: await generate({ secret }), password }
    assert.ok((await house.call('PUT /api/me/factor', { token: here, body })).status < 300)
    assert.deepEqual([await me(here), await me(there)], [200, 401])
    assert.equal((await house.accounts.requireUser(user.id)).name, 'factor')
  })

  describe('behind a link', () => {
    const form = (path: string, link?: string): Promise<Told> =>
      house.call(`GET /api/auth/${path}`, link === undefined ? {} : { search: `link=${encodeURIComponent(link)}` })

    it('is a form that holds the link as text, and the fields of its purpose', async () => {
      const fieldsOf = (told: Told) => [...told.text.matchAll(/<input name="(\w+)"/g)].map(([, name]) => name)
      for (const [path, fields] of [
        ['verify', []],
        ['reset', ['password']],
        ['email', []],
        ['first-admin', ['name', 'email', 'password']],
        ['factor', ['code']],
      ] as const) {
        const told = await form(path, 'pl_abc-1')
        assert.equal(told.status, 200, path)
        assert.match(told.text, /<input type="hidden" name="link" value="pl_abc-1">/)
        assert.deepEqual(fieldsOf(told), fields)
      }
      assert.match((await form('reset')).text, /name="link" value="">/)
      const trick = await form('reset', '"><script>')
      assert.match(trick.text, /name="link" value="&#34;&#62;&#60;script&#62;">/)
    })

    it('a program is answered with data, a browser with a page', async () => {
      const box = openMailbox(house)
      await make('linked')
      const sent = await house.call('POST /api/auth/forgotten', { body: { email: 'linked@site.test' } })
      assert.deepEqual([sent.status, data(sent)], [202, { sent: true }])
      const body = { link: await box.link('linked@site.test'), password }
      assert.deepEqual(data(await house.call('POST /api/auth/reset', { body })), { changed: true })
      await house.call('PATCH /api/me', { token: await tokenOf('linked'), body: { email: 'new@site.test', password } })
      const link = await box.link('new@site.test')
      assert.deepEqual(data(await house.call('POST /api/auth/email', { body: { link } })), { changed: true })
      const person = { name: 'fresh', email: 'fresh@site.test', password }
      const asked = await house.call('POST /api/auth/register', { body: person })
      assert.deepEqual([asked.status, data(asked)], [202, { sent: true }])
      const verify = { link: await box.link('fresh@site.test') }
      assert.deepEqual(data(await house.call('POST /api/auth/verify', { body: verify })), { verified: true })
      await house.call('POST /api/auth/forgotten', { body: { email: 'fresh@site.test' } })
      const page = await house.call('POST /api/auth/reset', {
        body: { link: await box.link('fresh@site.test'), password },
        headers: { accept: 'text/html,*/*' },
      })
      assert.match(String(page.headers['content-type']), /^text\/html/)
      assert.match(page.text, /<h1>Your new password is set\.<\/h1>/)
    })

    it('a mail goes only to who has an address, and to the old one only where there was one', async () => {
      const failures: unknown[] = []
      house.accounts.room.background.onFailure = (thrown) => failures.push(thrown)
      const box = openMailbox(house)
      await house.accounts.createUser({ name: 'bare', password })
      const token = await tokenOf('bare')
      await house.call('PATCH /api/me', { token, body: { name: 'bare2' } })
      assert.equal((await house.call('POST /api/auth/forgotten', { body: { email: 'no@site.test' } })).status, 202)
      assert.deepEqual(await box.mails(), [])
      await house.call('PATCH /api/me', { token, body: { email: 'bare@site.test', password } })
      await house.call('POST /api/auth/email', { body: { link: await box.link('bare@site.test') } })
      assert.deepEqual(
        (await box.mails()).map((mail) => mail.to),
        ['bare@site.test'],
      )
      assert.deepEqual(failures, [])
    })

    it('the second factor is finished by our own page, by a user in use, and noted', async () => {
      const user = await make('second')
      const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
      const epoch = Math.floor(Date.now() / 1_000)
      await confirmFactor(house.accounts.room, user.id, { secret, code: await generate({ secret, epoch: epoch - 30 }) })
      const link = () => newLink(house.accounts.room, 'factor', { user: user.id, data: { returnTo: '/desk' } })
      const finish = async (headers: Record<string, string>, made: string): Promise<Told> =>
        house.call('POST /api/auth/factor', { body: { link: made, code: await generate({ secret }) }, headers })
      for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
        const told = await finish(headers, await link())
        assert.deepEqual([told.json['code'], told.headers['set-cookie']], ['FOREIGN_ORIGIN', undefined])
      }
      const made = await link()
      await house.store.write.run({
        update: 'account_users',
        set: { active: false },
        where: { column: 'id', is: 'eq', value: user.id },
      })
      const refused = await finish(ours, made)
      assert.deepEqual([refused.json['code'], refused.headers['set-cookie']], ['BAD_LOGIN', undefined])
      await house.accounts.updateUser(user.id, { active: true })
      assert.equal((await finish(ours, await link())).status, 303)
      const [last] = await house.accounts.listAudit({ limit: 1 })
      assert.deepEqual([last?.event, last?.user_id, last?.detail], ['sign-in', user.id, { factor: true }])
    })
  })

  it('a deleted user leaves neither token nor link nor identity behind', async () => {
    const gone = await make('gone')
    const stays = await make('stays')
    for (const user of [gone.id, stays.id]) {
      await house.accounts.createToken({ name: 'bar', user })
      await newLink(house.accounts.room, 'reset', { user })
    }
    await house.accounts.deleteUser(gone.id)
    const rows = (from: string, user: number) =>
      house.store.read.count({ from, select: [], where: { column: 'user_id', is: 'eq', value: user } })
    for (const table of ['account_tokens', 'account_links'])
      assert.deepEqual([await rows(table, gone.id), await rows(table, stays.id)], [0, 1], table)
    const left = await house.store.read.first({
      from: 'account_users',
      select: ['name', 'email', 'password', 'active'],
      where: { column: 'id', is: 'eq', value: gone.id },
    })
    assert.deepEqual(left, { name: `deleted ${gone.id}`, email: null, password: null, active: false })
  })

  it('a user put out of use has no session left to come back to', async () => {
    const user = await make('off')
    await tokenOf('off')
    await house.accounts.updateUser(user.id, { active: false })
    assert.deepEqual(await house.accounts.listSessions(user.id), [])
  })
})

describe('a house without its administrator', () => {
  it('goes on waiting for one while nobody has become one', async () => {
    await using house = await openHouse({ builtins: accountsEndpoints })
    const ann = await house.accounts.createUser({ name: 'ann' })
    await assert.rejects(house.accounts.updateUser(999, { roles: ['admin'] }), { code: 'NOT_FOUND' })
    await house.accounts.updateUser(ann.id, { roles: ['member'] })
    assert.match(String(await house.accounts.firstAdminLink()), /\/auth\/first-admin\?link=pl_/)
    await house.accounts.updateUser(ann.id, { roles: ['admin'] })
    assert.equal(await house.accounts.firstAdminLink(), undefined)
  })
})
