import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generate } from 'otplib'
import { accountsEndpoints } from '../../src/accounts/accounts-endpoints.ts'
import { openMailbox } from '../fixtures/mailbox.ts'
import { data, openHouse, text, unlimited, type PeopleHouse } from '../fixtures/people-house.ts'

const password = 'correct horse battery'
const email = 'ann@site.test'

interface Told {
  readonly house: PeopleHouse
  readonly root: string
  readonly ids: { readonly root: number; readonly ann: number }
  readonly login: (username?: string, word?: string) => Promise<string>
  /** Asks, and tells what the log then says at its end: event, whose, and the detail. */
  readonly noted: (request: string, token: string | undefined, body?: object) => Promise<unknown[]>
}

async function open(): Promise<Told> {
  const house = await openHouse({
    builtins: accountsEndpoints,
    settings: { limits: unlimited, register: { verify: true } },
  })
  const root = await house.accounts.createUser({ name: 'root', password, roles: ['admin'] })
  const ann = await house.accounts.createUser({ name: 'ann', email, password })
  const login = async (username = 'ann', word = password) =>
    text(await house.call('POST /api/auth', { body: { username, password: word } }), 'access_token')
  const noted = async (request: string, token: string | undefined, body?: object): Promise<unknown[]> => {
    const told = await house.call(request, { token, body })
    assert.ok(told.status < 300, `${request} → ${told.status} ${told.text}`)
    const [last] = await house.accounts.listAudit({ limit: 1 })
    return [last?.event, last?.user_id, last?.detail]
  }
  return { house, root: await login('root'), ids: { root: root.id, ann: ann.id }, login, noted }
}

describe('the log names', () => {
  it('who came and went', async () => {
    const { house, ids, login, noted } = await open()
    await using _house = house
    assert.deepEqual(await noted('POST /api/auth', undefined, { username: 'ann', password }), [
      'sign-in',
      ids.ann,
      { kind: 'bearer' },
    ])
    assert.deepEqual(await noted('DELETE /api/auth', await login()), ['sign-out', ids.ann, {}])
    const token = await login()
    const [other] = await house.accounts.listSessions(ids.ann)
    const here = await login()
    assert.deepEqual(await noted(`DELETE /api/auth/sessions/${other?.id ?? 0}`, here), [
      'sign-out',
      ids.ann,
      { session: other?.id },
    ])
    assert.equal((await house.call('GET /api/me', { token })).status, 401)
    assert.deepEqual(await noted('DELETE /api/auth/all', here), ['sign-out', ids.ann, { everywhere: true }])
  })

  it('what people changed of their own', async () => {
    const { house, ids, login, noted } = await open()
    await using _house = house
    const box = openMailbox(house)
    const token = await login()
    assert.deepEqual(await noted('PATCH /api/me', token, { name: 'anna' }), [
      'user.changed',
      ids.ann,
      { changed: ['name'] },
    ])
    assert.deepEqual(await noted('POST /api/me/password', token, { password, new_password: 'another password' }), [
      'password.changed',
      ids.ann,
      {},
    ])
    const secret = text(await house.call('POST /api/me/factor', { token }), 'secret')
    const body = { secret, code: await generate({ secret }), password: 'another password' }
    assert.deepEqual(await noted('PUT /api/me/factor', token, body), ['factor.changed', ids.ann, { on: true }])
    assert.deepEqual(await noted('POST /api/me/factor/off', token, { password: 'another password' }), [
      'factor.changed',
      ids.ann,
      { on: false },
    ])
    await house.call('POST /api/auth/forgotten', { body: { email } })
    const link = await box.link(email)
    assert.deepEqual(await noted('POST /api/auth/reset', undefined, { link, password }), [
      'password.changed',
      ids.ann,
      { by: 'link' },
    ])
    const again = await login('anna')
    await house.call('PATCH /api/me', { token: again, body: { email: 'new@site.test', password } })
    const move = await box.link('new@site.test')
    assert.deepEqual(await noted('POST /api/auth/email', undefined, { link: move }), [
      'user.changed',
      ids.ann,
      { changed: ['email'] },
    ])
    assert.deepEqual(await noted('POST /api/me/deactivate', await login('anna'), { password }), [
      'user.deactivated',
      ids.ann,
      {},
    ])
    await house.call('POST /api/auth/register', { body: { name: 'new', email, password } })
    const verify = await box.link(email)
    const made = await noted('POST /api/auth/verify', undefined, { link: verify })
    assert.deepEqual(made, ['user.created', (await house.accounts.requireUser('new')).id, { registered: true }])
    const log = await house.accounts.listAudit({ limit: 100 })
    const nowhere = log.filter(({ address, request }) => address === '' || request === '')
    assert.deepEqual(nowhere, [], 'and from where, by which request')
  })

  it('what administrators did, and to whom', async () => {
    const { house, root, ids, noted } = await open()
    await using _house = house
    const path = `/api/auth/users/${ids.ann}`
    const [event, by, detail] = await noted('POST /api/auth/users', root, { name: 'bob' })
    assert.deepEqual(
      [event, by, detail],
      ['user.created', ids.root, { user: (await house.accounts.requireUser('bob')).id }],
    )
    const roles = { roles: ['editor'], name: 'anna' }
    assert.deepEqual(await noted(`PATCH ${path}`, root, roles), [
      'user.changed',
      ids.root,
      { user: ids.ann, changed: ['name', 'roles'] },
    ])
    assert.deepEqual(await noted(`PATCH ${path}`, root, { active: false }), [
      'user.deactivated',
      ids.root,
      { user: ids.ann, changed: ['active'] },
    ])
    assert.deepEqual(await noted(`PATCH ${path}`, root, { active: true }), [
      'user.changed',
      ids.root,
      { user: ids.ann, changed: ['active'] },
    ])
    assert.deepEqual(await noted(`DELETE ${path}/factor`, root), [
      'factor.changed',
      ids.root,
      { user: ids.ann, on: false },
    ])
    const token = await house.call('POST /api/tokens', { token: root, body: { name: 'x' } })
    const id = data(token)['id']
    assert.deepEqual(await noted(`DELETE /api/tokens/${String(id)}`, root), ['token.revoked', ids.root, { token: id }])
    assert.deepEqual(await noted(`DELETE ${path}`, root), ['user.changed', ids.root, { user: ids.ann, deleted: true }])
  })
})

describe('the log', () => {
  it('is asked for one user or one event, the newest first, on from where one was', async () => {
    const { house, ids, login } = await open()
    await using _house = house
    await login()
    await login()
    const { listAudit } = house.accounts
    const signIns = await listAudit({ event: 'sign-in', limit: 9 })
    assert.ok(signIns.length > 0 && signIns.every(({ request }) => request !== ''), 'each with the id of its request')
    assert.deepEqual(
      signIns.map((row) => row.user_id),
      [ids.ann, ids.ann, ids.root],
    )
    const anns = await listAudit({ event: 'sign-in', user: ids.ann, limit: 9 })
    assert.deepEqual(anns, signIns.slice(0, 2))
    assert.deepEqual(await listAudit({ user: ids.ann, before: anns[0]?.id, limit: 1 }), [anns[1]])
    assert.deepEqual(await listAudit({ user: 999, limit: 9 }), [])
  })

  it('names who registered without a mail', async () => {
    await using house = await openHouse({
      builtins: accountsEndpoints,
      settings: { limits: unlimited, register: {} },
    })
    const told = await house.call('POST /api/auth/register', { body: { name: 'new', email, password } })
    const [last] = await house.accounts.listAudit({ limit: 1 })
    assert.deepEqual(
      [last?.event, last?.user_id, last?.detail],
      ['user.created', data(told)['id'], { registered: true }],
    )
  })
})

describe('links', () => {
  it('lead to where the house listens, while no public address is configured', async () => {
    const { house } = await open()
    await using _house = house
    const box = openMailbox(house)
    house.accounts.servedAt('http://127.0.0.1:4321')
    await house.call('POST /api/auth/forgotten', { body: { email }, headers: { host: 'evil.test' } })
    assert.match((await box.mails())[0]?.text ?? '', /http:\/\/127\.0\.0\.1:4321\/api\/auth\/reset\?link=pl_/)
    await using fresh = await openHouse()
    fresh.accounts.servedAt('http://127.0.0.1:4321/')
    assert.match(
      String(await fresh.accounts.firstAdminLink()),
      /^http:\/\/127\.0\.0\.1:4321\/api\/auth\/first-admin\?link=pl_/,
    )
  })
})
