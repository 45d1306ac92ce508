import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import type { AccountsSettings } from '../../src/accounts/settings.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { openHouse, text, unlimited, type PeopleHouse, type Told } from '../fixtures/people-house.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

const password = 'correct horse battery'

/** A node looks every half second; a second is promised (bench: access), and a loaded machine is forgiven more. */
const soon = 4_000

describe('two nodes on one PostgreSQL', () => {
  let database: TestDatabase
  before(async () => {
    database = await createTestDatabase()
  })
  after(() => database.drop())

  async function nodes(
    settings: AccountsSettings = {},
  ): Promise<readonly [PeopleHouse, PeopleHouse] & AsyncDisposable> {
    const one = await node(settings)
    const two = await node(settings)
    const dispose = async (): Promise<void> => {
      await Promise.all([one, two].map((house) => house[Symbol.asyncDispose]()))
    }
    return Object.assign([one, two] as const, { [Symbol.asyncDispose]: dispose })
  }

  async function node(settings: AccountsSettings): Promise<PeopleHouse> {
    const store = await openPostgres(database.url)
    const house = await openHouse({ store, builtins: accountsEndpoints, settings: { limits: unlimited, ...settings } })
    const close = async (): Promise<void> => {
      await house[Symbol.asyncDispose]()
      await store.close()
    }
    return { ...house, [Symbol.asyncDispose]: close }
  }

  const statuses = (all: readonly Told[], status: number): number => all.filter((one) => one.status === status).length
  const login = (house: PeopleHouse, [username, word]: readonly [string, string], ip: string): Promise<Told> =>
    house.call('POST /api/auth', { body: { username, password: word }, ip })

  it('V40 make one first administrator of a hundred tries at both, and none after', async () => {
    await using both = await nodes()
    const link = (await both[0].accounts.firstAdminLink())?.split('link=')[1]
    const become = (index: number): Promise<Told> =>
      (both[index % 2] ?? both[0]).call('POST /api/auth/first-admin', {
        body: { link, name: `root${index}`, email: `root${index}@site.test`, password },
        ip: `198.51.100.${index}`,
      })
    const all = await Promise.all(Array.from({ length: 100 }, (_, index) => become(index)))
    assert.equal(statuses(all, 201), 1)
    assert.equal((await both[0].accounts.listUsers({ limit: 200, after: 0 })).length, 1)
    assert.notEqual((await become(101)).status, 201)
    assert.equal(await both[1].accounts.firstAdminLink(), undefined)
  })

  it('V53 count the tries of a name together, however many at once, and give a right one back', async () => {
    await using both = await nodes({ limits: { ...unlimited, signIns: 10 } })
    await both[0].accounts.createUser({ name: 'ann', password })
    const tries = Array.from({ length: 100 }, (_, index) =>
      login(both[index % 2] ?? both[0], ['ann', `wrong ${index}`], `198.51.100.${index}`),
    )
    const all = await Promise.all(tries)
    assert.deepEqual([statuses(all, 401), statuses(all, 429)], [10, 90])
    assert.ok(Number(all.find((one) => one.status === 429)?.headers['retry-after']) > 800)
    await both[1].accounts.createUser({ name: 'bob', password })
    for (let index = 0; index < 24; index++) {
      const told = await login(both[index % 2] ?? both[0], ['bob', password], `203.0.113.${index}`)
      assert.equal(told.status, 200, String(index))
    }
  })

  it('V53 count the tries of an address together', async () => {
    await using both = await nodes({ limits: { ...unlimited, signInsPerAddress: 20 } })
    const tries = Array.from({ length: 60 }, (_, index) =>
      login(both[index % 2] ?? both[0], [`nobody ${index}`, password], '192.0.2.7'),
    )
    assert.equal(statuses(await Promise.all(tries), 401), 20)
  })

  it('V41 let the owner in at home on either node, whatever strangers used up on both', async () => {
    await using both = await nodes({ limits: { ...unlimited, signIns: 5 } })
    await both[0].accounts.createUser({ name: 'eve', password })
    assert.equal((await login(both[0], ['eve', password], '203.0.113.9')).status, 200)
    const tries = Array.from({ length: 20 }, (_, index) =>
      login(both[index % 2] ?? both[0], ['eve', 'wrong password'], `198.51.100.${100 + index}`),
    )
    await Promise.all(tries)
    assert.equal((await login(both[1], ['eve', password], '198.51.100.99')).status, 429)
    assert.equal((await login(both[1], ['eve', password], '203.0.113.9')).status, 200)
  })

  it('begin a new window when the old one has passed, and ask little of the database until then', async () => {
    await database.query('delete from account_tries')
    let clock = Date.now()
    await using both = await nodes({ limits: { ...unlimited, signIns: 2, signInsPerAddress: 0 }, now: () => clock })
    await both[0].accounts.createUser({ name: 'kim', password })
    const wrong = (at: number) => login(both[at % 2] ?? both[0], ['kim', 'wrong password'], `198.51.100.${at}`)
    const first = [await wrong(1), await wrong(2), await wrong(3)]
    assert.deepEqual(
      first.map((one) => one.status),
      [401, 401, 429],
    )
    assert.equal(statuses(await Promise.all(Array.from({ length: 50 }, () => wrong(3))), 429), 50)
    const [most] = await database.query('select max(count) as count from account_tries')
    assert.equal(Number(most?.['count']), 3)
    clock += 901_000
    const next = await Promise.all([wrong(4), wrong(5), wrong(6), wrong(7)])
    assert.deepEqual([statuses(next, 401), statuses(next, 429)], [2, 2])
  })

  it('V47 V49 hear of a revoked token, an ended session, a user out of use and lost roles within a second', async () => {
    await using both = await nodes()
    const [one, two] = both
    const tom = await one.accounts.createUser({ name: 'tom', password, roles: ['admin'] })
    const token = await one.accounts.createToken({ name: 'bar', user: 'tom' })
    const session = text(await login(one, ['tom', password], '192.0.2.1'), 'access_token')
    const ask = async (secret: string, request = 'GET /api/auth/users') =>
      (await two.call(request, { token: secret })).status
    assert.deepEqual([await ask(token.token), await ask(session)], [200, 200])
    await one.accounts.revokeToken(token.id)
    assert.ok((await until(async () => (await ask(token.token)) === 401)) < soon)
    const other = text(await login(one, ['tom', password], '192.0.2.1'), 'access_token')
    assert.equal(await ask(other), 200)
    assert.equal((await one.call('DELETE /api/auth', { token: other })).status, 204)
    assert.ok((await until(async () => (await ask(other)) === 401)) < soon)
    assert.equal(await ask(session), 200)
    const kept = await one.accounts.createToken({ name: 'kept', user: 'tom' })
    assert.equal(await ask(kept.token), 200)
    await one.accounts.updateUser(tom.id, { roles: [] })
    assert.ok((await until(async () => (await ask(kept.token)) === 403)) < soon)
    assert.equal(await ask(session), 401)
    await one.accounts.updateUser(tom.id, { active: false })
    assert.ok((await until(async () => (await ask(kept.token)) === 401)) < soon)
  })

  it('hear of a switch within a second, and of its end', async () => {
    await using both = await nodes()
    const [one, two] = both
    const isRefused = async (): Promise<boolean> => {
      try {
        two.accounts.refuseSwitched({ id: 'auth.check' })
        return false
      } catch {
        return true
      }
    }
    assert.equal(await isRefused(), false)
    await one.accounts.setSwitch({ endpoint: 'auth.check', state: 'freeze' })
    assert.ok((await until(isRefused)) < soon)
    await one.accounts.clearSwitch({ endpoint: 'auth.check' })
    assert.ok((await until(async () => !(await isRefused()))) < soon)
  })
})

/** How long it took, in milliseconds; Infinity where it never came. */
async function until(isSo: () => Promise<boolean>): Promise<number> {
  const started = performance.now()
  while (performance.now() - started < 5_000) {
    if (await isSo()) return performance.now() - started
    await sleep(20)
  }
  return Infinity
}
