import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import type { AccountsSettings } from '../../src/accounts/settings.ts'
import { openHouse, text, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const day = 86_400_000
let clock = Date.parse('2026-11-21T12:00:00Z')

async function open(settings: AccountsSettings = {}): Promise<PeopleHouse> {
  const house = await openHouse({
    builtins: accountsEndpoints,
    settings: { limits: unlimited, now: () => clock, ...settings },
  })
  for (const name of ['ann', 'bob']) await house.accounts.createUser({ name, password })
  return house
}

/** The same people, whose hashes are to cost more from now on. */
function openDearer({ store }: PeopleHouse): Promise<PeopleHouse> {
  const passwordCost = { memoryCost: 2_048, timeCost: 2, parallelism: 1 }
  const settings = { limits: unlimited, now: () => clock, passwordCost }
  return openHouse({ store, builtins: accountsEndpoints, settings })
}

function login(house: PeopleHouse, username: string, ip: string): Promise<Told> {
  return house.call('POST /api/auth', { body: { username, password }, ip })
}

/** From addresses where nobody is at home. */
async function guess(house: PeopleHouse, username: string): Promise<void> {
  for (let index = 0; index < 5; index++) {
    const body = { username, password: 'wrong password' }
    await house.call('POST /api/auth', { body, ip: `198.51.100.${index}` })
  }
}

describe('a place where somebody is at home', () => {
  it('V41 is so for that user alone, and as long as a session from there would last', async () => {
    await using house = await open({ limits: { ...unlimited, signIns: 3 } })
    const home = '203.0.113.1'
    assert.equal((await login(house, 'bob', home)).status, 200)
    await guess(house, 'ann')
    assert.equal((await login(house, 'ann', home)).status, 429, 'only bob is at home there')
    await guess(house, 'bob')
    assert.equal((await login(house, 'bob', '198.51.100.9')).status, 429)
    assert.equal((await login(house, 'bob', home)).status, 200)
    clock += 31 * day
    // Where nodes share their counts, these have run out as well.
    await guess(house, 'bob')
    assert.equal((await login(house, 'bob', home)).status, 429, 'it was too long ago')
  })
})

describe('a refresh key that was used', () => {
  const refresh = (house: PeopleHouse, key: string): Promise<Told> =>
    house.call('POST /api/auth/refresh', { body: { refresh_token: key } })

  it('V51 is refused, and forgiven for five seconds, after which the session ends', async () => {
    await using house = await open()
    const alive = async (token: string) => (await house.call('GET /api/me', { token })).status
    for (const [wait, status] of [
      [5_000, 200],
      [5_001, 401],
    ] as const) {
      const used = text(await login(house, 'ann', '203.0.113.1'), 'refresh_token')
      const access = text(await refresh(house, used), 'access_token')
      clock += wait
      assert.equal((await refresh(house, used)).status, 401)
      assert.equal(await alive(access), status, String(wait))
    }
  })
})

describe('a session that is over', () => {
  it('is not listed, whether it ended or ran out, and does not end twice', async () => {
    await using house = await open()
    const { id: user } = await house.accounts.requireUser('ann')
    const { listSessions, endSessions } = house.accounts
    await login(house, 'ann', '203.0.113.1')
    await login(house, 'bob', '203.0.113.1')
    const endedAt = async () =>
      (await house.store.read.rows({ from: 'account_sessions', select: ['ended'], order: [{ column: 'id' }] })).map(
        (row) => row['ended'],
      )
    const then = new Date(clock).toISOString()
    await endSessions({ user })
    assert.deepEqual([await listSessions(user), await endedAt()], [[], [then, null]])
    clock += 1_000
    await endSessions({ user })
    assert.deepEqual(await endedAt(), [then, null])
    await login(house, 'ann', '203.0.113.1')
    assert.equal((await listSessions(user)).length, 1)
    clock += 31 * day
    assert.deepEqual(await listSessions(user), [])
  })
})

describe('a sign-in that is under way', () => {
  const many = (house: PeopleHouse) =>
    Promise.all(Array.from({ length: 8 }, (_, index) => login(house, 'ann', `203.0.113.${index}`)))
  const areAlive = async (house: PeopleHouse, told: readonly Told[]) => {
    const opened = told.filter((one) => one.status === 200)
    const asked = opened.map((one) => house.call('GET /api/me', { token: text(one, 'access_token') }))
    return (await Promise.all(asked)).some((one) => one.status === 200)
  }

  it('V48 does not outlive the password that it was begun with', async () => {
    await using house = await open()
    const { id } = await house.accounts.requireUser('ann')
    const changing = house.accounts.updateUser(id, { password: 'another password' })
    const told = await many(house)
    await changing
    assert.equal(await areAlive(house, told), false)
    assert.equal((await login(house, 'ann', '203.0.113.1')).status, 401)
  })

  it('opens nothing for somebody who is put out of use meanwhile, and comes back', async () => {
    await using house = await open()
    const { id } = await house.accounts.requireUser('ann')
    const signing = many(house)
    await house.accounts.updateUser(id, { active: false })
    const told = await signing
    await house.accounts.updateUser(id, { active: true })
    assert.equal(await areAlive(house, told), false)
    assert.equal((await login(house, 'ann', '203.0.113.1')).status, 200)
  })

  it('succeeds while the hash of its password is made anew', async () => {
    await using house = await open()
    await using dearer = await openDearer(house)
    const told = await many(dearer)
    assert.deepEqual([...new Set(told.map((one) => one.status))], [200])
  })
})

describe('a hash that is made anew', () => {
  it('V58 does not bring back a password that was changed meanwhile', async () => {
    await using house = await open()
    await using dearer = await openDearer(house)
    const { id } = await house.accounts.requireUser('ann')
    const where = { column: 'id', is: 'eq', value: id } as const
    assert.equal((await login(dearer, 'ann', '203.0.113.1')).status, 200)
    const changed = house.store.write.run({ update: 'account_users', set: { password: 'changed meanwhile' }, where })
    await Promise.all([changed, dearer.accounts.room.background.settle()])
    const row = await house.store.read.first({ from: 'account_users', select: ['password'], where })
    assert.equal(row?.['password'], 'changed meanwhile')
  })
})
