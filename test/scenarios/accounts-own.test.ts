import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ann, open, password, tokenOf } from '../fixtures/ann-signs-in.ts'
import { openMailbox } from '../fixtures/mailbox.ts'
import { data, text } from '../fixtures/people-house.ts'

describe('the own account', () => {
  it('V48 moves to another address only with the password, and only when that address agrees', async () => {
    await using house = await open()
    const box = openMailbox(house)
    await house.accounts.createUser(ann)
    const token = await tokenOf(house)
    const change = (body: object) => house.call('PATCH /api/me', { token, body })
    assert.equal((await change({ email: 'new@site.test' })).status, 422)
    assert.equal((await change({ email: 'new@site.test', password: 'wrong password' })).status, 422)
    assert.equal((await box.mails()).length, 0)
    const asked = await change({ email: 'new@site.test', password })
    assert.deepEqual([asked.status, data(asked)['email']], [200, ann.email])
    const link = await box.link('new@site.test')
    assert.equal((await house.call('POST /api/auth/email', { body: { link } })).status, 200)
    assert.equal((await house.call('GET /api/me', { token })).status, 401)
    const moved = await house.accounts.findUser('ann')
    assert.deepEqual([moved?.email, typeof moved?.verified], ['new@site.test', 'string'])
    assert.equal((await house.accounts.updateUser(moved?.id ?? 0, { email: ann.email })).verified, null)
    assert.equal((await box.mails()).at(-1)?.to, ann.email)
  })

  it('takes another name without ending a session, and gives the old one free', async () => {
    await using house = await open()
    await house.accounts.createUser(ann)
    const [here, there] = [await tokenOf(house), await tokenOf(house)]
    assert.equal((await house.call('PATCH /api/me', { token: here, body: { name: 'anna' } })).status, 200)
    for (const token of [here, there]) {
      assert.equal((await house.call('GET /api/me', { token })).status, 200)
      assert.equal(((await house.call('GET /api/me', { token })).json['data'] as { name: string }).name, 'anna')
    }
    await house.accounts.createUser({ name: 'ann' })
    assert.equal((await house.call('PATCH /api/me', { token: here, body: { name: 'ANN' } })).status, 409)
  })

  it('does not tell that another’s address is taken', async () => {
    await using house = await open()
    const box = openMailbox(house)
    await house.accounts.createUser(ann)
    await house.accounts.createUser({ name: 'bob', email: 'bob@site.test' })
    const token = await tokenOf(house)
    const taken = await house.call('PATCH /api/me', { token, body: { email: 'bob@site.test', password } })
    const free = await house.call('PATCH /api/me', { token, body: { email: 'free@site.test', password } })
    assert.deepEqual([taken.status, taken.text], [free.status, free.text])
    assert.deepEqual(
      (await box.mails()).map((mail) => mail.to),
      ['free@site.test'],
    )
  })

  it('can be put out of use by its owner, with the password', async () => {
    await using house = await open()
    await house.accounts.createUser(ann)
    const token = await tokenOf(house)
    const made = await house.call('POST /api/tokens', { token, body: { name: 'mine' } })
    assert.equal(
      (await house.call('POST /api/me/deactivate', { token, body: { password: 'wrong password' } })).status,
      422,
    )
    assert.equal((await house.call('POST /api/me/deactivate', { token, body: { password } })).status, 204)
    for (const dead of [token, text(made, 'token')])
      assert.equal((await house.call('GET /api/me', { token: dead })).status, 401)
  })
})

describe('mail in development', () => {
  it('is a file that a mail program opens', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-mail-'))
    await using house = await open({ mail: { from: 'Site <no-reply@site.test>', folder } })
    await house.accounts.createUser(ann)
    await house.call('POST /api/auth/forgotten', { body: { email: ann.email } })
    await house.accounts.room.background.settle()
    const [file = ''] = readdirSync(folder)
    assert.match(
      readFileSync(join(folder, file), 'utf8'),
      /From: Site <no-reply@site\.test>\r?\nTo: ann@site\.test\r?\nSubject: A new password/,
    )
    rmSync(folder, { recursive: true })
  })
})
