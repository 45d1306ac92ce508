/** A query that runs for somebody who left is stopped in PostgreSQL itself, and its connection serves the next one. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { openTestSite } from '../../src/testing/test-site.ts'
import { createTestDatabase } from './test-database.ts'

const files = {
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text() }, rules: { read: allow.everyone } })`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class Site extends ApiController { whitelistObjectTypes = ['card'] }`,
  'postern.config.ts': `export default { api: { protected: false }, accounts: { limits: { requests: 0, requestsPerAddress: 0 } } }`,
  'api/public/count.ts': `export default async (call) => (await call.content.list('card')).paging.total`,
  'api/public/late.ts': `import { defineEndpoint } from 'postern'
export default defineEndpoint({ timeout: 300, handler: async (call) => (await call.content.list('card')).paging.total })`,
}

describe('R10 on PostgreSQL', () => {
  test('what runs for a client who left, or was answered that it took too long, is stopped there', async () => {
    await using database = await createTestDatabase()
    await using site = await openTestSite({ files, isolation: 'thread', env: { DATABASE_URL: database.url } })
    const ask = (path: string, signal?: AbortSignal): Promise<number> =>
      fetch(`${site.url}/api/${path}`, signal === undefined ? {} : { signal }).then(({ status }) => status)
    for (const path of ['cards', 'public/count', 'public/late']) assert.equal(await ask(path), 200)
    await using lock = await lockedTable(database.url)
    const running = async (): Promise<number> => {
      const text = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      return Number((await database.query(text))[0]?.['n'])
    }
    // More than there are connections: some stand in line for one when they leave.
    for (const path of ['cards', 'public/count']) {
      const leaving = new AbortController()
      const asked = Array.from({ length: 14 }, () => ask(path, leaving.signal))
      await until('all connections are in use', async () => (await running()) >= 10)
      leaving.abort()
      assert.ok((await Promise.allSettled(asked)).every(({ status }) => status === 'rejected'))
      await until(`nothing runs any more of ${path}`, async () => (await running()) === 0)
    }
    assert.equal(await ask('public/late'), 504)
    await until('nothing runs any more', async () => (await running()) === 0)

    // Who stays gets the answer, however many around them leave.
    const leaving = new AbortController()
    const stays = ask('cards')
    const leaves = ask('cards', leaving.signal)
    await until('both run', async () => (await running()) === 2)
    leaving.abort()
    await assert.rejects(leaves)
    await until('one runs', async () => (await running()) === 1)
    await lock.release()
    assert.equal(await stays, 200)
    assert.equal(await ask('public/count'), 200)
  })
})

/** Nobody can read the objects until it is released. */
async function lockedTable(url: string): Promise<AsyncDisposable & { readonly release: () => Promise<void> }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('begin; lock table objects in access exclusive mode')
  return {
    release: async () => void (await client.query('rollback')),
    [Symbol.asyncDispose]: () => client.end(),
  }
}

/** Well before the time at which PostgreSQL itself would give a query up. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await holds())) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await sleep(10)
  }
}
