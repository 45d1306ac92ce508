import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generate } from 'otplib'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import type { AccountsSettings } from '../../src/accounts/settings.ts'
import { confirmFactor } from '../../src/accounts/totp.ts'
import { openHouse, text, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const ann = { name: 'ann', email: 'ann@site.test', password }

function open(settings: AccountsSettings = {}): Promise<PeopleHouse> {
  return openHouse({ builtins: accountsEndpoints, settings: { limits: unlimited, watchEvery: 20, ...settings } })
}

function login(house: PeopleHouse, body: object): Promise<Told> {
  return house.call('POST /api/auth', { body })
}

describe('a second factor', () => {
  async function withFactor(house: PeopleHouse): Promise<{ secret: string; token: string }> {
    await house.accounts.createUser(ann)
    const token = text(await login(house, { username: 'ann', password }), 'access_token')
    const elsewhere = text(await login(house, { username: 'ann', password }), 'access_token')
    const secret = text(await house.call('POST /api/me/factor', { token }), 'secret')
    const epoch = Math.floor(clock / 1_000)
    const confirm = (code: string, word = password) =>
      house.call('PUT /api/me/factor', { token, body: { secret, code, password: word } })
    assert.equal((await confirm(await generate({ secret, epoch: epoch - 300 }))).status, 422)
    assert.equal((await confirm(await generate({ secret, epoch }), 'wrong password')).status, 422)
    const told = await confirm(await generate({ secret, epoch }))
    assert.equal(told.status, 204, told.text)
    const alive = async (one: string) => (await house.call('GET /api/me', { token: one })).status
    assert.deepEqual([await alive(token), await alive(elsewhere)], [200, 401])
    return { secret, token }
  }
  let clock = Date.parse('2026-11-21T12:00:00Z')

  it('V61 is asked wherever a session is given, after the password and not instead of it', async () => {
    await using house = await open({ now: () => clock })
    const { secret } = await withFactor(house)
    clock += 30_000
    const code = await generate({ secret, epoch: Math.floor(clock / 1_000) })
    for (const extra of [{}, { cookie: true }]) {
      const told = await login(house, { username: 'ann', password, ...extra })
      assert.deepEqual([told.status, told.json['code'], told.headers['set-cookie']], [401, 'SECOND_FACTOR', undefined])
      assert.match(told.text, /asks for a second factor/)
    }
    for (const wrong of ['000000', 'abc', '12345', '1234567', ' ', code.slice(1), `${code}0`]) {
      assert.equal(
        (await login(house, { username: 'ann', password, code: wrong })).json['code'],
        'SECOND_FACTOR',
        wrong,
      )
    }
    assert.equal((await login(house, { username: 'ann', password: 'wrong password', code })).json['code'], 'BAD_LOGIN')
    assert.equal((await login(house, { username: 'ann', password, code })).status, 200)
  })

  it('V61 opens one session by one code, of fifty that try it at once', async () => {
    await using house = await open({ now: () => clock })
    const { secret } = await withFactor(house)
    clock += 30_000
    const code = await generate({ secret, epoch: Math.floor(clock / 1_000) })
    const all = await Promise.all(Array.from({ length: 50 }, () => login(house, { username: 'ann', password, code })))
    assert.equal(all.filter((one) => one.status === 200).length, 1)
    assert.equal((await login(house, { username: 'ann', password, code })).status, 401)
  })

  it('of one user is not used up by another’s', async () => {
    await using house = await open({ now: () => clock })
    const { secret } = await withFactor(house)
    const bob = await house.accounts.createUser({ name: 'bob', password })
    const code = async (of: string) => generate({ secret: of, epoch: Math.floor(clock / 1_000) })
    const other = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    await confirmFactor(house.accounts.room, bob.id, { secret: other, code: await code(other) })
    clock += 30_000
    assert.equal((await login(house, { username: 'ann', password, code: await code(secret) })).status, 200)
    assert.equal((await login(house, { username: 'bob', password, code: await code(other) })).status, 200)
  })

  it('is stored so that the database alone does not give it away, and ends with the password', async () => {
    await using house = await open({ now: () => clock, secret: 'site secret' })
    const { secret, token } = await withFactor(house)
    assert.doesNotMatch(
      JSON.stringify(await house.store.read.rows({ from: 'account_users', select: ['totp'] })),
      new RegExp(secret),
    )
    assert.equal(
      (await house.call('POST /api/me/factor/off', { token, body: { password: 'wrong password' } })).status,
      422,
    )
    assert.equal((await house.call('POST /api/me/factor/off', { token, body: { password } })).status, 204)
    assert.equal((await login(house, { username: 'ann', password })).status, 200)
  })

  it('is switched off by an administrator for whoever lost it, and not for oneself', async () => {
    await using house = await open({ now: () => clock })
    await withFactor(house)
    const boss = await house.accounts.createUser({ name: 'boss', password, roles: ['admin'] })
    const token = text(await login(house, { username: 'boss', password }), 'access_token')
    const lost = await house.accounts.requireUser('ann')
    const remove = async (id: number) => (await house.call(`DELETE /api/auth/users/${id}/factor`, { token })).status
    assert.deepEqual([await remove(boss.id), await remove(9_999), await remove(lost.id)], [403, 404, 204])
    assert.equal((await login(house, { username: 'ann', password })).status, 200)
  })

  it('gives the try back when it was right, so that its owner can come as often as there are codes', async () => {
    await using house = await open({ now: () => clock, limits: { ...unlimited, signIns: 3 } })
    const { secret } = await withFactor(house)
    for (let index = 0; index < 8; index++) {
      clock += 30_000
      const code = await generate({ secret, epoch: Math.floor(clock / 1_000) })
      assert.equal((await login(house, { username: 'ann', password, code })).status, 200, String(index))
    }
  })

  it('cannot be guessed for long: a right password does not give tries back', async () => {
    await using house = await open({ now: () => clock, limits: { ...unlimited, signIns: 10 } })
    await withFactor(house)
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        login(house, { username: 'ann', password, code: String(100_000 + index) }),
      ),
    )
    assert.ok(all.filter((one) => one.status === 401).length <= 10)
    assert.ok(all.some((one) => one.status === 429))
  })
})
