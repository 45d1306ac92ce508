import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anonymous, type Caller } from '../../src/endpoint/caller.ts'
import { ann, login, open, password } from '../fixtures/ann-signs-in.ts'
import { text, unlimited, type Told } from '../fixtures/people-house.ts'

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
    assert.equal(text(await login(house, { ...ann_, device }, '203.0.113.1'), 'device'), device)
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

  it('V41 used up by somebody behind the same address leave a device in that was here before', async () => {
    await using house = await open({ limits })
    await house.accounts.createUser(ann)
    await house.accounts.createUser({ name: 'bob', password })
    const office = '203.0.113.1'
    const device = text(await login(house, ann_, office), 'device')
    const bobs = text(await login(house, { username: 'bob', password }, office), 'device')
    const guess = (index: number, as: object = {}) =>
      login(house, { username: index % 2 ? 'ann' : `nobody${index}`, password: 'wrong', ...as }, office)
    await Promise.all(Array.from({ length: 100 }, (_, index) => guess(index)))
    assert.equal((await login(house, ann_, office)).status, 429)
    assert.equal((await login(house, { ...ann_, device }, office)).status, 200)
    assert.equal(
      (await login(house, { ...ann_, device: bobs }, office)).status,
      429,
      'a device is its own users’ alone',
    )
    const own = await Promise.all(Array.from({ length: 30 }, () => guess(1, { device })))
    assert.equal(own.filter((one) => one.status === 401).length, 10, 'a stolen device has no more tries than others')
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

  it('are an address’s own, whoever asks from there, and a /64 of IPv6 is one address', async () => {
    await using house = await open({ limits: { ...unlimited, requestsPerAddress: 10 } })
    const callers: readonly Caller[] = [anonymous, { kind: 'token', tokenId: 1, name: 'x' }]
    const allowed = (ip: (index: number) => string): number =>
      Array.from({ length: 30 }, (_, index) => index).filter(
        (index) => !refused(() => house.accounts.limit({ id: 'x' }, callers[index % 2] ?? anonymous, ip(index))),
      ).length
    assert.deepEqual([allowed(() => '192.0.2.1'), allowed(() => '192.0.2.1'), allowed(() => '192.0.2.2')], [10, 0, 10])
    assert.equal(
      allowed((index) => `2001:db8::${index}`),
      10,
    )
    assert.equal(
      allowed((index) => `2001:db8:0:${index}::1`),
      29,
    )
  })

  it('tell two tokens apart, and a token from a user of the same number', async () => {
    await using house = await open({ limits: { ...unlimited, requests: 3 } })
    const user = { kind: 'user', id: 1, name: 'ann', code: 'A', roles: [] } as const
    const callers: readonly Caller[] = [
      { kind: 'token', tokenId: 1, name: 'x' },
      { kind: 'token', tokenId: 2, name: 'x' },
      { ...user, via: 'session', sessionId: 1 },
      { ...user, via: 'token', tokenId: 3 },
    ]
    for (const caller of callers) {
      const tries = Array.from({ length: 5 }, () => refused(() => house.accounts.limit({ id: 'x' }, caller, 'x')))
      assert.deepEqual(tries, [false, false, false, true, true], JSON.stringify(caller))
    }
  })

  it('are each user’s own, in however many sessions', async () => {
    await using house = await open({ limits: { ...unlimited, requests: 10 } })
    const callerOf = async (name: string) => {
      await house.accounts.createUser({ name, password })
      const token = text(await login(house, { username: name, password }), 'access_token')
      return house.accounts.identify({
        method: 'GET',
        ip: 'x',
        search: '',
        headers: { 'x-api-token': token },
        rawHeaders: [],
      })
    }
    const allowed = (caller: Caller): number =>
      Array.from({ length: 30 }, () => refused(() => house.accounts.limit({ id: 'x' }, caller, 'x'))).filter(
        (one) => !one,
      ).length
    const [tom, eve] = [await callerOf('tom'), await callerOf('eve')]
    assert.deepEqual([allowed(tom), allowed(eve), allowed(tom), allowed(anonymous)], [10, 10, 0, 10])
  })

  it('are an endpoint’s own for whoever asks, unless a token brings its own', async () => {
    await using house = await open({ limits: unlimited })
    const { identify, limit, createToken } = house.accounts
    const from = (token: string) =>
      identify({ method: 'GET', ip: 'x', search: '', headers: { authorization: `Bearer ${token}` }, rawHeaders: [] })
    const [plain, own] = [await createToken({ name: 'plain' }), await createToken({ name: 'own', rate_limit: 2 })]
    const allowed = (caller: Caller, ip: string, id: string): number => {
      const tries = Array.from({ length: 20 }, () => refused(() => limit({ id, rateLimit: 5 }, caller, ip)))
      return tries.filter((one) => !one).length
    }
    assert.deepEqual(
      [
        allowed(anonymous, '192.0.2.1', 'a'),
        allowed(anonymous, '192.0.2.1', 'a'),
        allowed(anonymous, '192.0.2.2', 'a'),
      ],
      [5, 0, 5],
    )
    assert.equal(allowed(anonymous, '192.0.2.1', 'b'), 5)
    assert.equal(allowed(await from(plain.token), '192.0.2.1', 'a'), 5)
    const other = await from(own.token)
    assert.deepEqual([allowed(other, '192.0.2.1', 'a'), allowed(other, '192.0.2.1', 'b')], [2, 0])
    assert.equal(
      refused(() => limit({ id: 'free' }, anonymous, '192.0.2.1')),
      false,
    )
  })
})

function refused(work: () => void): boolean {
  try {
    work()
    return false
  } catch (thrown) {
    assert.equal((thrown as { status: number }).status, 429)
    return true
  }
}
