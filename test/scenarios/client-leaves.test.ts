/** Whoever leaves before the answer is there is heard of by what works for them, and nothing of it stays behind. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'

const files = {
  'api/public/waits.ts': `export default ({ signal, log }) => {
  log.info('began')
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      log.info('told to stop')
      reject(new Error('nobody waits for it'))
    })
  })
}`,
  'api/public/streams.ts': `export default ({ log }) => {
  let timer
  return new Response(new ReadableStream({
    start(controller) {
      log.info('began')
      timer = setInterval(() => controller.enqueue(new Uint8Array(10_000)), 5)
    },
    cancel() {
      clearInterval(timer)
      log.info('told to stop')
    },
  }))
}`,
  'api/public/hello.ts': `export default () => 'hello'`,
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000
  while (!holds()) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await sleep(5)
  }
}

const said = (site: TestSite, message: string): number =>
  site.observed.filter((seen) => seen.kind === 'site.log' && seen.message === message).length

for (const isolation of ['thread', 'inline'] as const) {
  describe(`R10 a client leaves (${isolation})`, () => {
    for (const name of ['waits', 'streams']) {
      test(`${name}: what works for them is told, ends, and is counted as over`, async () => {
        const settings = { accounts: { limits: { requests: 0, requestsPerAddress: 0 } } }
        await using site = await openTestSite({ files, settings, isolation })
        const leaving = new AbortController()
        const asked = Array.from({ length: 20 }, async () => {
          const response = await fetch(`${site.url}/api/public/${name}`, { signal: leaving.signal })
          await response.arrayBuffer()
        })
        await until('all have begun', () => said(site, 'began') === 20)
        assert.equal(said(site, 'told to stop'), 0, 'nobody has left yet')
        leaving.abort()
        const outcomes = await Promise.allSettled(asked)
        assert.ok(outcomes.every(({ status }) => status === 'rejected'))
        await until('all were told', () => said(site, 'told to stop') === 20)
        await until(
          'none is under way',
          () => site.observed.filter(({ kind }) => kind === 'request.done').length === 20,
        )
        assert.equal((await site.request('GET', '/api/public/hello')).text, 'hello')
        const faults = site.observed.filter(({ kind }) => kind === 'thread.lost' || kind === 'house.failed')
        assert.deepEqual(faults, [], 'nothing was thrown where nobody waits for it')
      })
    }
  })
}
