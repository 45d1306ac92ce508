import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generate } from 'otplib'
import { z } from 'zod'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { confirmFactor } from '../../src/accounts/totp.ts'
import { ann, login, open, password } from '../fixtures/ann-signs-in.ts'
import { data, openHouse, text, unlimited, type PeopleHouse } from '../fixtures/people-house.ts'

describe('a second factor', () => {
  async function withFactor(house: PeopleHouse): Promise<{ secret: string; token: string; codes: readonly string[] }> {
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
    assert.equal(told.status, 200, told.text)
    assert.match(String(told.headers['cache-control']), /no-store/)
    const codes = z.array(z.string()).parse(data(told)['recovery_codes'])
    const alive = async (one: string) => (await house.call('GET /api/me', { token: one })).status
    assert.deepEqual([await alive(token), await alive(elsewhere)], [200, 401])
    return { secret, token, codes }
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

  describe('recovery codes', () => {
    const tell = (house: PeopleHouse, code: string) => login(house, { username: 'ann', password, code })

    it('open one sign-in each, however they are typed, and never without the password', async () => {
      await using house = await open({ now: () => clock })
      const { codes, token } = await withFactor(house)
      assert.equal(new Set(codes).size, 10)
      const [first = '', second = '', third = ''] = codes
      assert.match(first, /^(?:[a-z2-7]{4}-){3}[a-z2-7]{4}$/)
      const wrong = await login(house, { username: 'ann', password: 'wrong password', code: first })
      assert.equal(wrong.json['code'], 'BAD_LOGIN')
      assert.equal((await tell(house, first)).status, 200, 'a wrong password uses up no code')
      assert.equal((await tell(house, first)).json['code'], 'SECOND_FACTOR')
      assert.equal((await tell(house, second.replaceAll('-', '').toUpperCase())).status, 200)
      for (const none of ['a', '-'.repeat(16), `${third.slice(0, -1)}1`, third.slice(1)]) {
        assert.equal((await tell(house, none)).json['code'], 'SECOND_FACTOR', none)
      }
      const left = await house.call('GET /api/me/factor', { token })
      assert.deepEqual(data(left), { on: true, recovery_codes_left: 8 })
      assert.ok(!left.text.includes(third))
    })

    it('open one session of fifty that try one at once', async () => {
      await using house = await open({ now: () => clock })
      const { codes } = await withFactor(house)
      const all = await Promise.all(Array.from({ length: 50 }, () => tell(house, codes[0] ?? '')))
      assert.equal(all.filter((one) => one.status === 200).length, 1)
    })

    it('open the account where the secret of the site is lost, which codes of the app do not, and the log says why', async () => {
      await using house = await open({ now: () => clock, secret: 'a secret that is lost' })
      const { codes, secret } = await withFactor(house)
      clock += 30_000
      const { store } = house
      await using moved = await openHouse({
        store,
        builtins: accountsEndpoints,
        settings: { limits: unlimited, now: () => clock, secret: 'another one' },
      })
      const failures: unknown[] = []
      moved.accounts.room.background.onFailure = (thrown) => void failures.push(thrown)
      const code = await generate({ secret, epoch: Math.floor(clock / 1_000) })
      assert.equal((await tell(moved, code)).json['code'], 'SECOND_FACTOR')
      assert.match(String(failures[0]), /another secret/)
      assert.equal((await tell(moved, codes[0] ?? '')).status, 200)
    })

    it('are no other user’s', async () => {
      await using house = await open({ now: () => clock })
      const { codes } = await withFactor(house)
      const bob = await house.accounts.createUser({ name: 'bob', password })
      const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
      const epoch = Math.floor(clock / 1_000)
      await confirmFactor(house.accounts.room, bob.id, { secret, code: await generate({ secret, epoch }) })
      const told = await login(house, { username: 'bob', password, code: codes[0] })
      assert.equal(told.json['code'], 'SECOND_FACTOR')
    })

    it('are made anew with the password, in place of the old, and go with the factor', async () => {
      await using house = await open({ now: () => clock })
      const { codes, token } = await withFactor(house)
      const renew = (word: string) => house.call('POST /api/me/factor/codes', { token, body: { password: word } })
      assert.equal((await renew('wrong password')).status, 422)
      const made = await renew(password)
      const anew = z.array(z.string()).length(10).parse(data(made)['recovery_codes'])
      assert.match(String(made.headers['cache-control']), /no-store/)
      assert.equal((await tell(house, codes[0] ?? '')).status, 401)
      assert.equal((await tell(house, anew[0] ?? '')).status, 200)
      assert.equal((await house.call('POST /api/me/factor/off', { token, body: { password } })).status, 204)
      assert.equal((await renew(password)).status, 409)
      assert.deepEqual(data(await house.call('GET /api/me/factor', { token })), { on: false, recovery_codes_left: 0 })
      assert.deepEqual(await house.store.read.rows({ from: 'account_recovery_codes', select: ['digest'] }), [])
    })

    it('stand nowhere but in that answer; their use is audited and told to the owner', async () => {
      await using house = await open({ now: () => clock })
      const { codes } = await withFactor(house)
      await tell(house, codes[0] ?? '')
      await house.accounts.room.background.settle()
      const [used] = await house.accounts.listAudit({ event: 'factor.recovered', limit: 5 })
      assert.deepEqual([used?.detail, typeof used?.user_id], [{ left: 9 }, 'number'])
      const select = ['digest', 'used']
      const kept = JSON.stringify([
        await house.store.read.rows({ from: 'account_recovery_codes', select }),
        await house.accounts.listAudit({ limit: 100 }),
      ])
      for (const code of codes) assert.ok(!kept.includes(code) && !kept.includes(code.replaceAll('-', '')))
    })

    it('cannot be guessed for long', async () => {
      await using house = await open({ now: () => clock, limits: { ...unlimited, signIns: 10 } })
      await withFactor(house)
      const guesses = Array.from({ length: 30 }, (_, index) => `aaaa-bbbb-cccc-${String(2_222 + index)}`)
      const all = await Promise.all(guesses.map((code) => tell(house, code)))
      assert.ok(all.filter((one) => one.status === 401).length <= 10)
    })
  })
})
