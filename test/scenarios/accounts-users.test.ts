import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHouse } from '../fixtures/people-house.ts'

describe('users', () => {
  it('V57 are one, however the name or address is spelt', async () => {
    await using house = await openHouse()
    const { createUser } = house.accounts
    await createUser({ name: 'Straße', email: 'Ann@Site.test' })
    for (const name of ['straße', 'STRASSE', 'ｓｔｒａｓｓｅ'])
      await assert.rejects(createUser({ name }), { code: 'CONFLICT' }, name)
    const errors = [{ path: 'body.email', message: 'is already taken' }]
    await assert.rejects(createUser({ name: 'other', email: 'ANN@site.TEST' }), { code: 'CONFLICT', errors })
    await createUser({ name: 'Josè', email: 'jose@site.test' })
    await createUser({ name: 'Jose', email: 'jose2@site.test' })
    for (const name of [
      'аnn',
      'pαul',
      'a@b.de',
      '123',
      '',
      ' ann',
      'ann ',
      'a  b',
      'a\u0000b',
      'a\nb',
      'a\u202eb',
      '-a',
      'x'.repeat(65),
    ]) {
      await assert.rejects(
        createUser({ name }),
        (thrown: Error & { status?: number }) => thrown.status === 422 || thrown.status === 400,
        name,
      )
    }
    assert.equal((await house.accounts.findUser('ANN@SITE.TEST'))?.name, 'Straße')
    assert.equal(await house.accounts.findUser('nobody'), undefined)
  })

  it('V105 of one name are one, however many ask at once', async () => {
    await using house = await openHouse()
    const all = Array.from({ length: 100 }, () => house.accounts.createUser({ name: 'ann', email: 'ann@site.test' }))
    const settled = await Promise.allSettled(all)
    const refused = settled.filter((one) => one.status === 'rejected')
    assert.equal(refused.length, 99)
    for (const { reason } of refused) assert.equal((reason as { code?: string }).code, 'CONFLICT')
    assert.equal((await house.accounts.listUsers({ limit: 10, after: 0 })).length, 1)
  })

  it('have only roles that there are, and roles that are theirs', async () => {
    await using house = await openHouse({ settings: { roles: { member: [] } } })
    await assert.rejects(house.accounts.createUser({ name: 'ann', roles: ['boss'] }), { code: 'INVALID' })
    const ann = await house.accounts.createUser({ name: 'ann', roles: ['member', 'member'] })
    assert.deepEqual(ann.roles, ['member'])
    await assert.rejects(house.accounts.updateUser(ann.id, { roles: ['boss'] }), { code: 'INVALID' })
    assert.deepEqual((await house.accounts.updateUser(ann.id, { roles: [] })).roles, [])
    await assert.rejects(house.accounts.updateUser(999, { name: 'x' }), { code: 'NOT_FOUND' })
  })

  it('change in what is named, and stay as they are in all else', async () => {
    await using house = await openHouse()
    const { createUser, updateUser } = house.accounts
    const ann = await createUser({ name: 'ann', email: 'ann@site.test', roles: ['member'], verified: true })
    const kept = { ...ann, modified: '' }
    const change = async (changes: Parameters<typeof updateUser>[1]) => ({
      ...(await updateUser(ann.id, changes)),
      modified: '',
    })
    assert.deepEqual(await change({ name: 'anna' }), { ...kept, name: 'anna' })
    assert.deepEqual(await change({ password: 'a new password' }), { ...kept, name: 'anna' })
    assert.deepEqual(await change({ active: false }), { ...kept, name: 'anna', active: false })
    assert.deepEqual(await change({ roles: ['editor'] }), { ...kept, name: 'anna', active: false, roles: ['editor'] })
    const bare = { ...kept, name: 'anna', active: false, roles: ['editor'], email: null, verified: null }
    assert.deepEqual(await change({ email: null }), bare)
    assert.equal(await house.accounts.findUser('ann@site.test'), undefined)
  })

  it('have a public code of 32 characters, each another', async () => {
    await using house = await openHouse()
    const codes = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => (await house.accounts.createUser({ name })).code),
    )
    assert.equal(new Set(codes).size, 3)
    for (const code of codes) assert.match(code, /^[A-Za-z2-9]{32}$/)
  })
})
