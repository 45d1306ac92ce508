import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { anonymous } from '../../src/endpoint/caller.ts'
import { openHouse, text, unlimited } from '../fixtures/people-house.ts'
import { openPeople, password } from '../fixtures/signed-in-people.ts'

const minute = 60_000

/** Time of the clock passes by hand: nothing here waits for it. */
describe('a house that runs', () => {
  it('writes what it noted every five seconds, and again after it was closed and started anew', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    await using house = await openHouse({ settings: { watchEvery: minute } })
    const noted = async () => (await house.accounts.listAudit({ event: 'as-system', limit: 5 })).length
    house.accounts.note({ event: 'as-system' })
    t.mock.timers.tick(4_999)
    await settled()
    assert.equal(await noted(), 0)
    t.mock.timers.tick(1)
    await until(async () => (await noted()) === 1)
    await house.accounts.stop()
    house.accounts.note({ event: 'as-system' })
    t.mock.timers.tick(5_000)
    await settled()
    assert.equal(await noted(), 1)
    await house.accounts.start()
    t.mock.timers.tick(5_000)
    await until(async () => (await noted()) === 2)
  })

  it('stops though what it noted cannot be written any more, and says so', async () => {
    await using house = await openHouse()
    const failures: unknown[] = []
    house.accounts.room.background.onFailure = (thrown) => void failures.push(thrown)
    house.accounts.note({ event: 'as-system' })
    await house.store.reshape((bench) => bench.exec('drop table account_audit'))
    await house.accounts.stop()
    assert.equal(failures.length, 1)
  })

  it('takes away what has run out once an hour', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    let now = Date.now()
    const settings = { limits: unlimited, watchEvery: 60 * minute, now: () => now }
    await using house = await openHouse({ builtins: accountsEndpoints, settings })
    await house.accounts.createUser({ name: 'ann', password })
    text(await house.call('POST /api/auth', { body: { username: 'ann', password } }), 'access_token')
    const sessions = () => house.store.read.count({ from: 'account_sessions', select: [] })
    now += 61 * 86_400_000
    t.mock.timers.tick(59 * minute)
    await settled()
    assert.equal(await sessions(), 1)
    t.mock.timers.tick(minute)
    await until(async () => (await sessions()) === 0)
  })

  it('looks as often as it is told whether others changed something, and forgets what it knows only then', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    await using house = await openHouse({ settings: { watchEvery: 20 } })
    await using other = await openHouse({ store: house.store, settings: { watchEvery: minute } })
    const made = await house.accounts.createToken({ name: 'bar' })
    const headers = { authorization: `Bearer ${made.token}` }
    const isKnown = (): boolean =>
      !(house.accounts.identify({ method: 'GET', ip: '', headers, rawHeaders: [], search: '' }) instanceof Promise)
    const look = async (): Promise<void> => {
      t.mock.timers.tick(20)
      await settled()
    }
    await look()
    assert.equal(isKnown(), false)
    await until(async () => isKnown())
    await look()
    assert.equal(isKnown(), true, 'nothing was changed')
    await other.accounts.setSwitch({ endpoint: 'x', state: 'block' })
    t.mock.timers.tick(19)
    await settled()
    assert.deepEqual([isKnown(), house.accounts.listSwitches()], [true, []])
    t.mock.timers.tick(1)
    await until(async () => house.accounts.listSwitches().length === 1)
    assert.equal(isKnown(), false)
    await until(async () => isKnown())
    await look()
    assert.equal(isKnown(), true, 'what was seen once is not news again')
  })

  it('ends once the work that no answer waited for is done', async () => {
    await using house = await openHouse()
    let isDone = false
    house.accounts.room.background.start(async () => {
      await sleep(20)
      isDone = true
    })
    await house.accounts.stop()
    assert.equal(isDone, true)
  })

  it('tells a use once: what was written is not written again over a later one', async () => {
    const clock = Date.parse('2026-11-21T12:00:00Z')
    let now = clock
    const settings = { now: () => now }
    await using house = await openHouse({ settings })
    await using other = await openHouse({ store: house.store, settings })
    const made = await house.accounts.createToken({ name: 'bar' })
    for (const each of [house, other]) {
      now += minute
      await each.call('GET /api/nowhere', { token: made.token })
      const headers = { authorization: `Bearer ${made.token}` }
      await each.accounts.identify({ method: 'GET', ip: '', headers, rawHeaders: [], search: '' })
      await each.accounts.room.lastUse.write(house.store)
    }
    await house.accounts.room.lastUse.write(house.store)
    const used = (await house.accounts.findToken(made.id))?.last_used
    assert.equal(used, new Date(clock + 2 * minute).toISOString())
  })
})

describe('a caller that is asked about', () => {
  it('is the one behind a secret or a token, as long as it is good, and nobody otherwise', async () => {
    const { house, ann, ids } = await openPeople(Date.now)
    await using _house = house
    const { callerAs, callerBehind, createToken } = house.accounts
    const endless = await createToken({ name: 'endless', user: ids.ann })
    const site = await createToken({ name: 'site', expires: '1h' })
    const idOf = async (shown: Parameters<typeof callerBehind>[0]): Promise<unknown> => {
      const caller = await callerBehind(shown)
      return caller === undefined ? undefined : caller.kind === 'user' ? caller.id : caller.kind
    }
    assert.deepEqual(
      [await idOf({ secret: ann }), await idOf({ secret: endless.token }), await idOf({ token: endless.id })],
      [ids.ann, ids.ann, ids.ann],
    )
    assert.deepEqual([await idOf({ token: site.id }), await idOf({ secret: site.token })], ['token', 'token'])
    for (const shown of [{ secret: 'x' }, { secret: `${ann}x` }, { token: 9_999 }])
      assert.equal(await idOf(shown), undefined, JSON.stringify(shown))
    assert.equal((await callerAs(ids.ann))?.name, 'ann')
    assert.equal(await callerAs(9_999), undefined)
  })
})

describe('an endpoint that a caller may be told of', () => {
  const endpoint = { id: 'files:GET /api/custom', methods: ['GET', 'POST'], path: '/api/custom/:id' } as const
  const reader = { kind: 'token', tokenId: 1, name: 'x' } as const

  it('is one that a token’s scopes reach, and that is not hidden from everybody', async () => {
    await using house = await openHouse()
    const { mayKnow, setSwitch } = house.accounts
    const within = (...scopes: string[]): boolean => mayKnow(endpoint, { ...reader, scopes })
    assert.deepEqual([mayKnow(endpoint, anonymous), mayKnow(endpoint, reader)], [true, true])
    for (const scope of ['read', 'POST /api/custom/7', 'GET /api/*/*', 'GET /api/**', 'GET,DELETE /api/custom/*'])
      assert.equal(within(scope), true, scope)
    for (const scope of ['DELETE /api/custom/*', 'GET /api/custom', 'GET /api/customs/*', 'GET /api/custom/7/more'])
      assert.equal(within(scope), false, scope)
    assert.equal(within('GET /api/other', 'POST /api/custom/*'), true)
    const scopes = ['GET /api/other']
    assert.deepEqual(
      [mayKnow(endpoint, { ...reader, scopes }), mayKnow(endpoint, { ...reader, scopes })],
      [false, false],
    )
    await setSwitch({ endpoint: endpoint.id, state: 'block' })
    assert.deepEqual([mayKnow(endpoint, anonymous), within('read')], [true, true])
    await setSwitch({ endpoint: endpoint.id, state: 'hide' })
    assert.deepEqual([mayKnow(endpoint, anonymous), mayKnow(endpoint, reader), within('read')], [false, false, false])
  })
})

describe('rows that somebody replaces', () => {
  it('are replaced once all is written that was noted, and read anew afterwards', async () => {
    await using house = await openHouse({ settings: { watchEvery: 60 * minute } })
    const made = await house.accounts.createToken({ name: 'bar' })
    const headers = { authorization: `Bearer ${made.token}` }
    const identify = () => house.accounts.identify({ method: 'GET', ip: '', headers, rawHeaders: [], search: '' })
    await identify()
    house.accounts.note({ event: 'as-system' })
    let isSettled = false
    house.accounts.room.background.start(async () => {
      await sleep(10)
      isSettled = true
    })
    const seen: unknown[] = []
    await house.accounts.around(async () => {
      seen.push(isSettled, (await house.accounts.listAudit({ event: 'as-system', limit: 5 })).length)
      await house.store.write.run({ delete: 'account_tokens', where: true })
      const row = { endpoint: 'x', state: 'block', until: null, reason: '', user_id: null, at: '2026-11-21' }
      await house.store.write.run({ insert: 'account_switches', values: row })
    })
    assert.deepEqual(seen, [true, 1])
    assert.deepEqual(
      house.accounts.listSwitches().map((one) => one.endpoint),
      ['x'],
    )
    await assert.rejects(async () => identify(), { code: 'BAD_CREDENTIAL' })
  })
})

/** Long enough for a look that was begun to have come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((later) => setImmediate(later))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'did not come to pass')
    await settled()
  }
}
