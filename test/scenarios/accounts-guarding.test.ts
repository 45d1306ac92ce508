import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generate } from 'otplib'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import type { AccountsSettings } from '../../src/accounts/settings.ts'
import { must } from '../../src/errors/must.ts'
import { openHouse, text, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const ann = { name: 'ann', email: 'ann@site.test', password }

function open(settings: AccountsSettings = {}): Promise<PeopleHouse> {
  return openHouse({ builtins: accountsEndpoints, settings: { limits: unlimited, watchEvery: 20, ...settings } })
}

function login(house: PeopleHouse, body: object, ip?: string): Promise<Told> {
  return house.call('POST /api/auth', { body, ...(ip === undefined ? {} : { ip }) })
}

describe('the first administrator', () => {
  const admin = { name: 'root', email: 'root@site.test', password }
  const secretOf = async (house: PeopleHouse) =>
    /link=(pl_[\w-]+)/.exec((await house.accounts.firstAdminLink()) ?? '')?.[1]

  it('V40 is one, of a hundred who use the link at once, and the door stays shut for ever after', async () => {
    await using house = await open()
    const link = await secretOf(house)
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        house.call('POST /api/auth/first-admin', {
          body: { ...admin, link, name: `root${index}a`, email: `root${index}@site.test` },
        }),
      ),
    )
    assert.deepEqual(
      [all.filter((one) => one.status === 201).length, all.filter((one) => one.status === 400).length],
      [1, 99],
    )
    const users = await house.accounts.listUsers({ limit: 10, after: 0 })
    assert.deepEqual(
      users.map((user) => user.roles),
      [['admin']],
    )
    assert.equal(await house.accounts.firstAdminLink(), undefined)
    await house.accounts.deleteUser(must(users[0], 'made above').id)
    assert.equal(await house.accounts.firstAdminLink(), undefined)
  })

  it('V40 needs the newest link itself, and none works once somebody made an administrator at the console', async () => {
    await using house = await open()
    const [old, link] = [await secretOf(house), await secretOf(house)]
    for (const wrong of [old, 'pl_x', `${link}x`]) {
      assert.equal((await house.call('POST /api/auth/first-admin', { body: { ...admin, link: wrong } })).status, 400)
    }
    await house.accounts.createUser({ name: 'boss', roles: ['admin'] })
    assert.equal((await house.call('POST /api/auth/first-admin', { body: { ...admin, link } })).status, 400)
    assert.equal(await house.accounts.findUser('root'), undefined)
  })

  it('V40 V74 V66 is asked by a page that runs nothing and posts to itself', async () => {
    await using house = await open()
    const page = await house.call('GET /api/auth/first-admin', { search: 'link=%22%3E%3Cscript%3E${7*7}' })
    assert.equal(page.status, 200)
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
    assert.equal(page.headers['referrer-policy'], 'no-referrer')
    assert.doesNotMatch(page.text, /<script|value="[^"]*[<>$]|\$\{|action=/)
    assert.equal((await house.call('GET /api/auth/first-admin', { search: 'link=a&return=x' })).status, 400)
  })
})

describe('limits of sign-in', () => {
  const limits = { ...unlimited, signIns: 10, signInsPerAddress: 50 }

  it('V53 P19 let exactly as many tries through, whatever the spelling, however many at once', async () => {
    await using house = await open({ limits })
    await house.accounts.createUser(ann)
    const spellings = ['ann', 'ANN', 'Ann', 'ａｎｎ', 'aNn']
    const all = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        login(
          house,
          { username: spellings[index % 5], password: `wrong ${index}` },
          `198.51.${index >> 8}.${index & 255}`,
        ),
      ),
    )
    assert.deepEqual(
      [all.filter((one) => one.status === 401).length, all.filter((one) => one.status === 429).length],
      [10, 990],
    )
    assert.ok(Number(all.find((one) => one.status === 429)?.headers['retry-after']) > 0)
  })

  it('V53 count an address as one, whatever the name, and a /64 of IPv6 as one address', async () => {
    await using house = await open({ limits })
    const tryFrom = (ip: (index: number) => string) =>
      Promise.all(
        Array.from({ length: 200 }, (_, index) => login(house, { username: `nobody${index}`, password }, ip(index))),
      )
    const passed = (all: readonly Told[]): number => all.filter((one) => one.status === 401).length
    assert.equal(passed(await tryFrom(() => '198.51.100.1')), 50)
    assert.equal(passed(await tryFrom((index) => `2001:db8:1:2:${index.toString(16)}::1`)), 50)
    assert.equal(passed(await tryFrom((index) => `2001:DB8:1:3::${index.toString(16)}`)), 50)
    assert.equal(passed(await tryFrom((index) => `2001:db8:2:${index.toString(16)}::1`)), 200)
    assert.equal(passed(await tryFrom((index) => `::ffff:198.51.100.${index > 100 ? 2 : 1}`)), 50)
  })

  it('V41 used up by strangers leave the owner in, at home or with a device that was here before', async () => {
    await using house = await open({ limits })
    await house.accounts.createUser(ann)
    const device = text(await login(house, ann_, '203.0.113.1'), 'device')
    const strangers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        login(house, { username: 'ann', password: 'x' }, `198.51.100.${index}`),
      ),
    )
    assert.equal(strangers.at(-1)?.status, 429)
    assert.equal((await login(house, ann_, '198.51.100.200')).status, 429)
    assert.equal((await login(house, ann_, '203.0.113.1')).status, 200)
    assert.equal((await login(house, { ...ann_, device }, '192.0.2.9')).status, 200)
    assert.equal((await login(house, { ...ann_, device: `${device.slice(0, -1)}x` }, '192.0.2.9')).status, 200)
    assert.equal((await login(house, { ...ann_, device: 'psd_made-up' }, '192.0.2.10')).status, 429)
  })

  it('P19 are the same for a name that nobody has', async () => {
    await using house = await open({ limits })
    const tries = await Promise.all(
      Array.from({ length: 30 }, (_, index) => login(house, { username: 'nobody', password }, `198.51.100.${index}`)),
    )
    assert.equal(tries.filter((one) => one.status === 401).length, 10)
  })

  it('are given back by the right password', async () => {
    await using house = await open({ limits })
    await house.accounts.createUser(ann)
    for (let index = 0; index < 60; index++) assert.equal((await login(house, ann_)).status, 200)
  })

  it('count guessed tokens against the address, and leave the good ones alone', async () => {
    await using house = await open({ limits: { ...limits, badCredentials: 5 } })
    const good = await house.accounts.createToken({ name: 'good', user: (await house.accounts.createUser(ann)).id })
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => house.call('GET /api/me', { token: `guess${index}` })),
    )
    assert.deepEqual(
      [guesses.filter((one) => one.status === 401).length, guesses.filter((one) => one.status === 429).length],
      [5, 15],
    )
    assert.equal((await house.call('GET /api/me', { token: good.token })).status, 200)
  })

  const ann_ = { username: 'ann', password }
})

describe('limits of requests', () => {
  it('are counted for each caller, each address, and by a token’s own budget', async () => {
    await using house = await open({ limits: { ...unlimited, requests: 20, requestsPerAddress: 50 } })
    const user = await house.accounts.createUser(ann)
    const small = await house.accounts.createToken({ name: 'small', user: user.id, rate_limit: 3 })
    const large = await house.accounts.createToken({ name: 'large', user: user.id })
    const endpoint = { id: 'me.read' }
    const allowed = async (token: string, ip: string): Promise<number> => {
      const request = { method: 'GET', ip, search: '', headers: { authorization: `Bearer ${token}` }, rawHeaders: [] }
      const caller = await house.accounts.identify(request)
      const all = await Promise.allSettled(
        Array.from({ length: 100 }, async () => house.accounts.limit(endpoint, caller, ip)),
      )
      return all.filter((one) => one.status === 'fulfilled').length
    }
    assert.equal(await allowed(small.token, '192.0.2.1'), 3)
    assert.equal(await allowed(large.token, '192.0.2.2'), 20)
    assert.equal(await allowed(large.token, '192.0.2.3'), 0)
  })
})

describe('a second factor', () => {
  async function withFactor(house: PeopleHouse): Promise<{ secret: string; token: string }> {
    await house.accounts.createUser(ann)
    const token = text(await login(house, { username: 'ann', password }), 'access_token')
    const secret = text(await house.call('POST /api/me/factor', { token }), 'secret')
    const epoch = Math.floor(clock / 1_000)
    const confirm = (code: string, word = password) =>
      house.call('PUT /api/me/factor', { token, body: { secret, code, password: word } })
    assert.equal((await confirm(await generate({ secret, epoch: epoch - 300 }))).status, 422)
    assert.equal((await confirm(await generate({ secret, epoch }), 'wrong password')).status, 422)
    const told = await confirm(await generate({ secret, epoch }))
    assert.equal(told.status, 204, told.text)
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
    }
    assert.equal((await login(house, { username: 'ann', password, code: '000000' })).json['code'], 'SECOND_FACTOR')
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

describe('the time of a sign-in', () => {
  it('V52 P19 tells a known user from an unknown one no better than a coin: AUC of 2 × 1,000 at most 0.55', async () => {
    await using house = await open()
    await house.accounts.createUser(ann)
    const time = async (username: string): Promise<number> => {
      const started = process.hrtime.bigint()
      assert.equal((await login(house, { username, password: 'wrong password' })).status, 401)
      return Number(process.hrtime.bigint() - started)
    }
    const measure = async (): Promise<number> => {
      const known: number[] = []
      const unknown: number[] = []
      for (let index = 0; index < 1_050; index++) {
        const pair =
          index % 2 === 0
            ? ([await time('ann'), await time('nobody')] as const)
            : ([await time('nobody'), await time('ann')].toReversed() as [number, number])
        if (index < 50) continue
        known.push(pair[0])
        unknown.push(pair[1])
      }
      return auc(known, unknown)
    }
    const best = await measure()
    assert.ok(best <= 0.55, `the best guess is right in ${best} of all pairs`)
    assert.ok(auc([1, 2, 3], [4, 5, 6]) === 1 && auc([1, 1], [1, 1]) === 0.5)
  })
})

/** How often the better of two guesses by time is right: 0.5 is a coin, 1 is certainty. */
function auc(left: readonly number[], right: readonly number[]): number {
  let wins = 0
  for (const one of left) for (const other of right) wins += one > other ? 1 : one === other ? 0.5 : 0
  const share = wins / (left.length * right.length)
  return Math.max(share, 1 - share)
}
