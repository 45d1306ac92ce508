import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { newLink } from '../../src/accounts/links.ts'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { accountTables } from '../../src/accounts/tables.ts'
import { ann, open, password, tokenOf } from '../fixtures/ann-signs-in.ts'
import { openMailbox } from '../fixtures/mailbox.ts'
import { data, openHouse, unlimited } from '../fixtures/people-house.ts'

describe('registering', () => {
  it('V38 is closed until the site says who may', async () => {
    await using house = await open()
    assert.equal((await house.call('POST /api/auth/register', { body: ann })).status, 401)
    assert.equal((await house.accounts.listUsers({ limit: 1, after: 0 })).length, 0)
  })

  it('makes a member with the roles of a newcomer, who can sign in', async () => {
    await using house = await open({ register: { roles: ['member'] } })
    const told = await house.call('POST /api/auth/register', { body: ann })
    assert.equal(told.status, 201)
    assert.deepEqual([data(told)['name'], data(told)['roles']], ['ann', ['member']])
    assert.doesNotMatch(told.text, /password|argon/)
    assert.equal((await house.call('GET /api/me', { token: await tokenOf(house) })).status, 200)
  })

  it('stops the start where newcomers would get a role that there is not', async () => {
    await assert.rejects(open({ roles: { member: [] }, register: { roles: ['boss'] } }), {
      code: 'BAD_SETTING',
      message: /"boss"/,
    })
  })

  it('V26 takes name, address and password, and no other column of a user', async () => {
    await using house = await open({ register: { roles: [] } })
    const columns = accountTables.tables.find((table) => table.name === 'account_users')?.columns ?? {}
    const foreign = [
      ...Object.keys(columns).filter((name) => !(name in ann)),
      'role',
      'group',
      'is_admin',
      '__proto__x',
    ]
    assert.ok(foreign.includes('roles') && foreign.includes('code') && foreign.includes('verified'))
    for (const name of foreign) {
      const told = await house.call('POST /api/auth/register', {
        body: { ...ann, [name]: name === 'roles' ? ['admin'] : 1 },
      })
      assert.deepEqual([told.status, told.json['code']], [400, 'UNKNOWN_FIELD'], name)
    }
    assert.equal((await house.accounts.listUsers({ limit: 1, after: 0 })).length, 0)
    await house.call('POST /api/auth/register', { body: ann })
    const token = await tokenOf(house)
    const before = await house.call('GET /api/me', { token })
    for (const name of foreign) {
      assert.equal((await house.call('PATCH /api/me', { token, body: { [name]: 1 } })).status, 400, name)
    }
    assert.equal((await house.call('GET /api/me', { token })).text, before.text)
  })

  it('V105 of one name and address a hundred times at once makes one row and 99 conflicts', async () => {
    await using house = await open({ register: { roles: [] } })
    const all = await Promise.all(
      Array.from({ length: 100 }, () => house.call('POST /api/auth/register', { body: ann })),
    )
    assert.equal(all.filter((one) => one.status === 201).length, 1)
    assert.equal(all.filter((one) => one.status === 409).length, 99)
    assert.equal(await house.store.read.count({ from: 'account_users', select: [] }), 1)
  })

  it('refuses bad values by name, and never says them back', async () => {
    await using house = await open({ register: { roles: [] } })
    const bad = [
      { body: { ...ann, email: 'not an address' }, path: 'body.email' },
      { body: { ...ann, password: 'short' }, path: 'body.password' },
      { body: { ...ann, name: 'a<b>' }, path: 'body.name' },
    ]
    for (const { body, path } of bad) {
      const told = await house.call('POST /api/auth/register', { body })
      assert.equal(told.status, 422)
      assert.match(told.text, new RegExp(path))
      assert.doesNotMatch(told.text, /not an address|"short"|a<b>/)
    }
  })

  it('V52 V60 with proof by mail answers alike for new and known addresses; the account opens by the mail alone', async () => {
    await using house = await open({ register: { roles: ['member'], verify: true } })
    const box = openMailbox(house)
    await house.accounts.createUser({ name: 'bob', email: 'bob@site.test' })
    const fresh = await house.call('POST /api/auth/register', { body: ann })
    const known = await house.call('POST /api/auth/register', {
      body: { ...ann, name: 'bob2', email: 'Bob@site.test' },
    })
    assert.deepEqual([known.status, known.text, known.headers], [fresh.status, fresh.text, fresh.headers])
    assert.equal(fresh.status, 202)
    assert.equal((await house.call('POST /api/auth', { body: { username: 'ann', password } })).status, 401)
    assert.deepEqual((await box.mails()).map((mail) => [mail.to, mail.subject].join(': ')).toSorted(), [
      'ann@site.test: Please confirm your e-mail address',
      'bob@site.test: You have an account already',
    ])
    const proof = (await box.mails()).find((mail) => mail.subject.startsWith('Please confirm'))
    const link = /link=(pl_[\w-]+)/.exec(proof?.text ?? '')?.[1]
    assert.equal((await house.call('POST /api/auth/verify', { body: { link } })).status, 200)
    assert.equal((await house.call('POST /api/auth/verify', { body: { link } })).status, 400)
    const me = await house.call('GET /api/me', { token: await tokenOf(house) })
    assert.equal(typeof data(me)['verified'], 'string')
    assert.equal(await house.accounts.findUser('bob2'), undefined)
  })

  it('with proof by mail makes no account before the proof, and none for a link that is not the newcomer’s', async () => {
    await using house = await open({ register: { roles: ['member'], verify: true } })
    const box = openMailbox(house)
    await house.call('POST /api/auth/register', { body: { ...ann, password: 'what a stranger chose' } })
    assert.equal(await house.store.read.count({ from: 'account_users', select: [] }), 0)
    await house.call('POST /api/auth/register', { body: ann })
    const link = await box.link(ann.email)
    assert.equal((await house.call('POST /api/auth/verify', { body: { link } })).status, 200)
    await tokenOf(house)
    assert.equal(
      (await house.call('POST /api/auth', { body: { username: 'ann', password: 'what a stranger chose' } })).status,
      401,
    )
    const [first] = await box.mails()
    const other = /link=(pl_[\w-]+)/.exec(first?.text ?? '')?.[1]
    assert.equal((await house.call('POST /api/auth/verify', { body: { link: other } })).status, 409)
    await tokenOf(house)
    assert.deepEqual((await house.accounts.findUser('ann'))?.roles, ['member'])
  })

  it('with proof by mail makes no account where registering was closed meanwhile', async () => {
    await using house = await open({ register: { verify: true } })
    const box = openMailbox(house)
    await house.call('POST /api/auth/register', { body: ann })
    const link = await box.link(ann.email)
    await using closed = await openHouse({
      store: house.store,
      builtins: accountsEndpoints,
      settings: { limits: unlimited },
    })
    assert.equal((await closed.call('POST /api/auth/verify', { body: { link } })).status, 403)
    assert.equal(await house.store.read.count({ from: 'account_users', select: [] }), 0)
    assert.equal((await house.call('POST /api/auth/verify', { body: { link } })).status, 200)
  })

  it('tells at once that a name is taken, since names are public', async () => {
    await using house = await open({ register: { verify: true } })
    const box = openMailbox(house)
    await house.accounts.createUser({ name: 'ann' })
    const told = await house.call('POST /api/auth/register', { body: ann })
    assert.deepEqual([told.status, told.json['errors']], [409, [{ path: 'body.name', message: 'is already taken' }]])
    assert.equal((await box.mails()).length, 0)
  })
})

describe('a forgotten password', () => {
  it('V52 is answered alike for everybody, and mailed to the address on file only', async () => {
    await using house = await open()
    const box = openMailbox(house)
    await house.accounts.createUser({ ...ann, email: 'Ann@site.test' })
    await house.accounts.createUser({ name: 'off', email: 'off@site.test', active: false })
    const ask = (email: string) => house.call('POST /api/auth/forgotten', { body: { email } })
    const told = [await ask('ANN@SITE.TEST'), await ask('nobody@site.test'), await ask('off@site.test')]
    for (const one of told)
      assert.deepEqual([one.status, one.text, one.headers], [202, told[0]?.text, told[0]?.headers])
    assert.deepEqual(
      (await box.mails()).map((mail) => mail.to),
      ['Ann@site.test'],
    )
  })

  it('V55 is a link to the configured address, whatever the request claims', async () => {
    await using house = await open()
    const box = openMailbox(house)
    await house.accounts.createUser(ann)
    const headers = {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
      forwarded: 'host=evil.test',
      origin: 'https://evil.test',
    }
    await house.call('POST /api/auth/forgotten', { body: { email: ann.email }, headers })
    const [mail] = await box.mails()
    assert.match(mail?.text ?? '', /https:\/\/site\.test\/api\/auth\/reset\?link=pl_/)
    assert.doesNotMatch(mail?.text ?? '', /evil/)
    const extra = await house.call('POST /api/auth/forgotten', { body: { email: ann.email, url: 'https://evil.test' } })
    assert.equal(extra.status, 400)
  })

  it('keeps its link good while the house is too busy to hash a password', async () => {
    await using house = await open()
    const { id } = await house.accounts.createUser(ann)
    const { room } = house.accounts
    const reset = (link: string) => house.call('POST /api/auth/reset', { body: { link, password: 'a new password' } })
    let isBusy = true
    const standInLine = async (): Promise<void> => {
      while (isBusy) await room.passwords.hash('somebody else’s').catch(() => nextTurn())
    }
    const crowd = Array.from({ length: 300 }, standInLine)
    const link = await newLink(room, 'reset', { user: id })
    const told = await reset(link)
    isBusy = false
    await Promise.all(crowd)
    assert.equal(told.status, 503, 'the line was full')
    assert.equal((await reset(link)).status, 200, 'who is told to try again can')
    assert.equal((await reset(link)).status, 400)
  })

  it('V48 V44 is replaced once by the link, which ends every session and opens nothing else', async () => {
    await using house = await open()
    const box = openMailbox(house)
    await house.accounts.createUser(ann)
    const token = await tokenOf(house)
    await house.call('POST /api/auth/forgotten', { body: { email: ann.email } })
    const link = await box.link(ann.email)
    assert.equal((await house.call('GET /api/me', { token: link })).status, 401)
    for (const path of ['verify', 'email'])
      assert.equal((await house.call(`POST /api/auth/${path}`, { body: { link } })).status, 400)
    const set = await house.call('POST /api/auth/reset', { body: { link, password: 'a new password' } })
    assert.equal(set.status, 200, set.text)
    assert.equal((await house.call('GET /api/me', { token })).status, 401)
    assert.equal((await house.call('POST /api/auth', { body: { username: 'ann', password } })).status, 401)
    await tokenOf(house, 'ann', 'a new password')
    assert.equal(
      (await house.call('POST /api/auth/reset', { body: { link, password: 'again, a new one' } })).status,
      400,
    )
  })

  it('has a link for each who asked, and none once the password was changed another way', async () => {
    await using house = await open()
    const box = openMailbox(house)
    const user = await house.accounts.createUser(ann)
    await house.accounts.createUser({ name: 'bob', email: 'bob@site.test' })
    for (const email of [ann.email, 'bob@site.test']) await house.call('POST /api/auth/forgotten', { body: { email } })
    const [link, other] = [await box.link(ann.email), await box.link('bob@site.test')]
    await house.accounts.updateUser(user.id, { password })
    const reset = async (secret: string) =>
      (await house.call('POST /api/auth/reset', { body: { link: secret, password } })).status
    assert.deepEqual([await reset(link), await reset(other)], [400, 200])
  })

  it('goes with one link while another’s goes with theirs', async () => {
    await using house = await open()
    const box = openMailbox(house)
    const people = ['ann@site.test', 'bob@site.test']
    for (const email of people) await house.accounts.createUser({ name: email.slice(0, 3), email })
    for (const email of people) await house.call('POST /api/auth/forgotten', { body: { email } })
    for (const email of people) {
      const body = { link: await box.link(email), password }
      assert.equal((await house.call('POST /api/auth/reset', { body })).status, 200, email)
    }
  })

  it('of two links only the later works, and neither for long', async () => {
    let now = Date.now()
    await using house = await open({ now: () => now })
    const box = openMailbox(house)
    await house.accounts.createUser(ann)
    const ask = async (): Promise<string> => {
      await house.call('POST /api/auth/forgotten', { body: { email: ann.email } })
      return box.link(ann.email)
    }
    const [first, second] = [await ask(), await ask()]
    assert.equal((await house.call('POST /api/auth/reset', { body: { link: first, password } })).status, 400)
    now += 3_601_000
    assert.equal((await house.call('POST /api/auth/reset', { body: { link: second, password } })).status, 400)
  })
})
