import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { must } from '../../src/errors/must.ts'
import { ann, login, open, password } from '../fixtures/ann-signs-in.ts'
import { type PeopleHouse } from '../fixtures/people-house.ts'

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
    assert.equal(await house.store.read.count({ from: 'account_links', select: [] }), 0)
    const [noted] = await house.accounts.listAudit({ event: 'user.created', limit: 5 })
    assert.deepEqual([noted?.user_id, noted?.detail], [users[0]?.id, { first: true }])
    await house.accounts.deleteUser(must(users[0], 'made above').id)
    assert.equal(await house.accounts.firstAdminLink(), undefined)
  })

  it('V40 needs the newest link itself, and none works once somebody made an administrator at the console', async () => {
    await using house = await open()
    const [old, link] = [await secretOf(house), await secretOf(house)]
    for (const wrong of [old, 'pl_x', `${link}x`]) {
      assert.equal((await house.call('POST /api/auth/first-admin', { body: { ...admin, link: wrong } })).status, 400)
    }
    await using other = await open()
    await other.accounts.createUser({ name: 'boss', roles: ['admin'] })
    assert.equal(await other.accounts.firstAdminLink(), undefined)
    const boss = await house.accounts.createUser({ name: 'boss' })
    await house.accounts.updateUser(boss.id, { roles: ['admin'] })
    assert.equal((await house.call('POST /api/auth/first-admin', { body: { ...admin, link } })).status, 400)
    assert.equal(await house.accounts.firstAdminLink(), undefined)
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
    const body = { ...admin, link: await secretOf(house) }
    const done = await house.call('POST /api/auth/first-admin', { body, headers: { accept: 'text/html,*/*' } })
    assert.deepEqual([done.status, done.headers['content-type']], [201, 'text/html; charset=utf-8'])
    assert.match(done.text, /You are the administrator/)
    assert.doesNotMatch(done.text, /root|<form/)
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
