import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { createAuditBuffer } from '../../src/accounts/audit-buffer.ts'
import { data, openHouse, text, type PeopleHouse } from '../fixtures/people-house.ts'
import { endpoints, list, openPeople } from '../fixtures/signed-in-people.ts'

const clock = Date.parse('2026-11-21T12:00:00Z')

describe('the switches', () => {
  it('hide, block, freeze and retire an endpoint, for other processes within a second, and over a restart', async () => {
    const { house, root, ids } = await openPeople(() => clock)
    await using _house = house
    await using other = await openHouse({
      store: house.store,
      builtins: accountsEndpoints,
      endpoints,
      settings: { watchEvery: 20 },
    })
    const seen = (on: PeopleHouse): unknown =>
      refusalOf(() => on.accounts.refuseSwitched({ id: 'files:GET /api/custom' }))
    const set = (state: string, until?: string) =>
      house.call('PUT /api/switches', {
        token: root,
        body: { endpoint: 'files:GET /api/custom', state, ...(until ? { until } : {}) },
      })
    const later = new Date(clock + 90_000).toISOString()
    for (const [state, expected] of [
      ['hide', '404'],
      ['block', '405'],
      ['retire', '410 sunset'],
      ['freeze', '503 retry-after'],
    ] as const) {
      assert.equal((await set(state, later)).status, 200)
      assert.equal(seen(house), expected)
      await until(() => seen(other) === expected)
    }
    await using restarted = await openHouse({ store: house.store })
    assert.equal(seen(restarted), '503 retry-after')
    await set('retire', later)
    const sunset = (): unknown =>
      headersOf(() => house.accounts.refuseSwitched({ id: 'files:GET /api/custom' }))['sunset']
    assert.equal(sunset(), 'Sat, 21 Nov 2026 12:01:30 GMT')
    await set('retire')
    assert.equal(sunset(), 'Sat, 21 Nov 2026 12:00:00 GMT')
    await set('freeze', later)
    assert.equal(
      refusalOf(() => house.accounts.refuseSwitched({ id: 'files:GET /api/frozen' })),
      undefined,
    )
    const [kept, ...others] = list(await house.call('GET /api/switches', { token: root }))
    assert.deepEqual([kept?.['user_id'], kept?.['state'], others], [ids.root, 'freeze', []])
    const waitOf = (): unknown =>
      headersOf(() => house.accounts.refuseSwitched({ id: 'files:GET /api/custom' }))['retry-after']
    assert.equal(waitOf(), '90')
    await set('freeze')
    assert.equal(waitOf(), '60')
    const clear = () => house.call('DELETE /api/switches', { token: root, search: 'endpoint=files:GET%20/api/custom' })
    assert.deepEqual([(await clear()).status, (await clear()).status], [204, 404])
    const cleared = await house.accounts.listAudit({ event: 'switch.cleared', limit: 5 })
    assert.deepEqual(
      cleared.map((row) => [row.user_id, row.detail]),
      [[ids.root, { endpoint: 'files:GET /api/custom' }]],
    )
    assert.equal(seen(house), undefined)
    await until(() => seen(other) === undefined)
  })

  it('are read again until they could be read, so that no change is missed', async () => {
    const { house } = await openPeople(() => clock)
    await using _house = house
    const isHidden = (): boolean => house.accounts.room.switches.at('x')?.state === 'hide'
    const row = { endpoint: 'x', until: null, reason: '', user_id: null, at: new Date(clock).toISOString() }
    const where = { column: 'endpoint', is: 'eq', value: 'x' } as const
    await house.store.write.transaction(async ({ run }) => {
      await run({ insert: 'account_switches', values: { ...row, state: 'unreadable' } })
      await run({ update: 'account_versions', add: { version: 1 }, where: true })
    })
    await sleep(100)
    await house.store.write.run({ update: 'account_switches', set: { state: 'hide' }, where })
    await until(isHidden)
  })

  it('cannot be switched off themselves, nor set to what there is not', async () => {
    const { house, root } = await openPeople(() => clock)
    await using _house = house
    const set = async (body: object) => (await house.call('PUT /api/switches', { token: root, body })).status
    assert.equal(await set({ endpoint: 'switches.clear', state: 'hide' }), 422)
    assert.equal(await set({ endpoint: 'x', state: 'explode' }), 400)
    assert.equal(await set({ endpoint: 'x', state: 'freeze', until: 'tomorrow' }), 422)
    assert.equal(await set({ endpoint: 'x', state: 'freeze', by: 1 }), 400)
    assert.equal(await set({ endpoint: 'x', state: 'hide', reason: '\u001b[2J' }), 422, 'a reason steers no terminal')
  })
})

describe('the audit log', () => {
  it('holds who did what, and no secret', async () => {
    const { house, root, ids } = await openPeople(() => clock)
    await using _house = house
    await house.call('POST /api/auth', { body: { username: 'ann', password: 'canary-password' } })
    const made = await house.call('POST /api/tokens', { token: root, body: { name: 'canary' } })
    await house.call(`PATCH /api/auth/users/${ids.ann}`, {
      token: root,
      body: { roles: ['editor'], password: 'canary-password' },
    })
    await house.call('PUT /api/switches', { token: root, body: { endpoint: 'x', state: 'hide' } })
    house.accounts.note({ event: 'refused', detail: { endpoint: 'x' } })
    const told = await house.call('GET /api/audit', { token: root, search: 'page_size=100' })
    const events = list(told).map((row) => row['event'])
    for (const event of ['sign-in', 'sign-in.refused', 'token.created', 'user.changed', 'switch.set', 'refused']) {
      assert.ok(events.includes(event), `${event} in ${events.join()}`)
    }
    assert.doesNotMatch(told.text, /canary-password|pat_|psa_/)
    assert.ok(!told.text.includes(text(made, 'token')))
    const maker = list(told).find((row) => row['event'] === 'token.created')
    assert.deepEqual(
      [maker?.['user_id'], maker?.['token_id'], maker?.['address'], maker?.['request']],
      [ids.root, null, '203.0.113.7', 'r1'],
    )
    const caller = await house.accounts.identify({
      method: 'GET',
      ip: '',
      search: '',
      headers: { 'x-api-token': text(made, 'token') },
      rawHeaders: [],
    })
    await house.accounts.audit({ event: 'refused', caller })
    const [last, ...older] = await house.accounts.listAudit({ limit: 3 })
    assert.deepEqual([last?.user_id, last?.token_id], [ids.root, data(made)['id']])
    assert.deepEqual(
      (await house.accounts.listAudit({ limit: 2, before: last?.id })).map((row) => row.id),
      older.map((row) => row.id),
    )
    const refused = await house.call('GET /api/audit', { token: root, search: `event=sign-in.refused&user=${ids.ann}` })
    assert.equal(list(refused).length, 1)
  })

  it('loses nothing when the house is closed in order', async () => {
    const { house } = await openPeople(() => clock)
    await using _house = house
    house.accounts.note({ event: 'as-system', detail: { reason: 'a test' } })
    await house.accounts.stop()
    const [last] = await house.accounts.listAudit({ limit: 1 })
    assert.deepEqual([last?.event, last?.detail], ['as-system', { reason: 'a test' }])
  })

  it('cannot be flooded: what is too much is counted and not kept', async () => {
    const { house } = await openPeople(() => clock)
    await using _house = house
    const buffer = createAuditBuffer(() => clock, 10)
    for (let index = 0; index < 1_000; index++) buffer.note({ event: 'sign-in.refused' })
    const before = await house.store.read.count({ from: 'account_audit', select: [] })
    await buffer.write(house.store)
    assert.equal(await house.store.read.count({ from: 'account_audit', select: [] }), before + 11)
    const [last] = await house.accounts.listAudit({ limit: 1 })
    assert.deepEqual(last?.detail, { not_kept: 990 })
    await buffer.write(house.store)
    assert.equal(await house.store.read.count({ from: 'account_audit', select: [] }), before + 11)
  })
})

function refusalOf(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (thrown) {
    const { status, headers } = thrown as { status: number; headers: Record<string, string> }
    return [status, ...Object.keys(headers).filter((name) => name !== 'allow')].join(' ')
  }
}

function headersOf(work: () => void): Record<string, string> {
  try {
    work()
    return {}
  } catch (thrown) {
    return (thrown as { headers: Record<string, string> }).headers
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 1_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'not within a second')
    await new Promise((later) => setTimeout(later, 10))
  }
}
