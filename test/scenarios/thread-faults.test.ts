/** What a site's own code can do to itself must stay with it: each fault ends a thread at most, and the house knows whose it was. */
import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { stuckThreads } from '../../src/thread/stuck-threads.ts'
import { readFaults } from '../../src/thread/fault-log.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { faultyEndpoints } from '../fixtures/faulty-endpoints.ts'

// A thread that nothing can stop would keep this process from ending for good, after everything has passed.
process.once('exit', (code) => {
  if (stuckThreads() > 0) process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {})
})

function openFaulty(env: Record<string, string> = {}): Promise<TestSite> {
  return openTestSite({
    files: faultyEndpoints,
    settings: { accounts: { limits: { requests: 0, requestsPerAddress: 0 } } },
    isolation: 'thread',
    env: { POSTERN_THREAD_STALL_LIMIT: '400', ...env },
  })
}

function faultsOf(site: TestSite) {
  return site.observed.flatMap((seen) => (seen.kind === 'thread.lost' ? [seen.fault] : []))
}

/** The next fault that is noted after those there are. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!holds()) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}

const get = (site: TestSite, name: string) => site.request('GET', `/api/public/${name}`)

describe('an endpoint that blocks its thread', () => {
  for (const [name, line] of [
    ['spin', 2],
    ['spin-late', 3],
    ['wait', 1],
  ] as const) {
    test(`${name}: 503 for it alone, blamed by file and line; calls beside it are answered by the next thread`, async () => {
      await using site = await openFaulty()
      assert.equal((await get(site, 'hello')).status, 200)
      const spin = get(site, name)
      const beside = [get(site, 'hello'), get(site, 'slow'), get(site, 'hello?name=you')]
      const [hello, slow, you] = await Promise.all(beside)
      assert.deepEqual([hello?.status, slow?.status, you?.status], [200, 200, 200])
      assert.deepEqual(you?.body, { hello: 'you' })
      const lost = await spin
      assert.equal(lost.status, 503)
      assert.deepEqual(lost.headers['retry-after'], '1')
      assert.match(lost.text, /"code":"SITE_THREAD_LOST"/)
      const [fault] = faultsOf(site)
      assert.equal(fault?.kind, 'stall')
      assert.equal(fault.endpoint, `files:/api/public/${name}`)
      assert.deepEqual(fault.at, { file: `api/public/${name}.ts`, line })
      assert.equal((await get(site, 'hello')).status, 200)
    })
  }

  test('a begun POST is not repeated: 503 with Retry-After, and its handler ran once', async () => {
    await using site = await openFaulty()
    const slow = site.request('POST', '/api/public/slow')
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    const [begun] = await Promise.all([slow, get(site, 'spin')])
    assert.equal(begun.status, 503)
    assert.equal(begun.headers['retry-after'], '1')
  })

  test('a schema of the site that blocks is blamed like its handler: a GET is tried once more, a POST is not', async () => {
    await using site = await openFaulty({ POSTERN_THREAD_STALL_LIMIT: '200' })
    for (const [method, faults] of [
      ['POST', 1],
      ['GET', 3],
    ] as const) {
      const answer = await site.request(method, '/api/public/spin-schema?a=1')
      assert.equal(answer.status, 503)
      const at = { file: 'api/public/spin-schema.ts', line: 2 }
      assert.deepEqual(
        faultsOf(site).map((fault) => fault.at),
        Array.from({ length: faults }, () => at),
      )
    }
    assert.equal((await get(site, 'hello')).status, 200)
  })

  test('built-in endpoints notice nothing while it spins', async () => {
    await using site = await openFaulty({ POSTERN_THREAD_STALL_LIMIT: '1000' })
    const times: number[] = []
    let spinning = true
    const spin = get(site, 'spin').finally(() => {
      spinning = false
    })
    while (spinning) {
      const started = performance.now()
      const answer = await site.request('GET', '/api/objects')
      times.push(performance.now() - started)
      assert.equal(answer.status, 200)
    }
    assert.equal((await spin).status, 503)
    times.sort((one, other) => one - other)
    assert.ok(times.length > 50, `only ${times.length} answers while it spun`)
    const p99 = times[Math.floor(times.length * 0.99)] ?? 0
    assert.ok(p99 < 150, `p99 of /api/objects was ${p99.toFixed(1)} ms`)
  })
})

describe('an endpoint that fills the heap', () => {
  for (const name of ['leak', 'giant']) {
    test(`${name}: its thread is replaced, the process goes on`, async () => {
      await using site = await openFaulty({ POSTERN_THREAD_STALL_LIMIT: '10000' })
      const leak = get(site, name)
      const hello = get(site, 'hello')
      assert.equal((await hello).status, 200)
      assert.equal((await leak).status, 503)
      const [fault] = faultsOf(site)
      assert.equal(fault?.kind, 'heap')
      assert.equal(fault.endpoint, `files:/api/public/${name}`)
      assert.equal((await get(site, 'hello')).status, 200)
    })
  }
})

describe('an endpoint that ends the thread', () => {
  test('process.exit: 503 for it, the server lives, the next call is answered', async () => {
    await using site = await openFaulty()
    const gone = await get(site, 'exit')
    assert.equal(gone.status, 503)
    assert.equal(faultsOf(site)[0]?.kind, 'exit')
    assert.equal(faultsOf(site)[0]?.endpoint, 'files:/api/public/exit')
    assert.equal((await get(site, 'hello')).status, 200)
    const replaced = site.observed.flatMap((seen) => (seen.kind === 'thread.replaced' ? [seen.ms] : []))
    assert.ok(replaced.length > 0)
  })

  test('a begun GET is tried once more', async () => {
    await using site = await openFaulty()
    const mark = join(tmpdir(), `postern-exit-once-${process.pid}-${Date.now()}`)
    const answer = await get(site, `exit-once?mark=${encodeURIComponent(mark)}`)
    assert.equal(existsSync(mark), true)
    rmSync(mark)
    assert.equal(answer.status, 200)
    assert.equal(answer.text, 'second try')
  })

  for (const name of ['late-throw', 'late-reject']) {
    test(`${name}: the thread is replaced without one failed request`, async () => {
      await using site = await openFaulty()
      const slow = get(site, 'slow')
      const late = await get(site, name)
      assert.equal(late.text, 'fine so far')
      const statuses: number[] = []
      await until('the thread is replaced', () => {
        void get(site, 'hello').then(({ status }) => statuses.push(status))
        return site.observed.some((seen) => seen.kind === 'thread.replaced')
      })
      assert.equal((await slow).status, 200)
      assert.deepEqual(
        statuses.filter((status) => status !== 200),
        [],
      )
      const [fault] = faultsOf(site)
      assert.equal(fault?.kind, 'uncaught')
      assert.equal(fault.endpoint, `files:/api/public/${name}`)
    })
  }
})

describe('what is remembered of faults', () => {
  test('six within a minute switch that endpoint off alone; doctor reads them from the data folder', async () => {
    const site = await openFaulty()
    const { dataDir } = site.house.settings
    for (let round = 0; round < 3; round++) await get(site, 'exit')
    const refused = await get(site, 'exit')
    assert.equal(refused.status, 503)
    assert.match(refused.text, /"code":"CIRCUIT_OPEN"/)
    assert.match(String(refused.headers['retry-after']), /^(?:29|30)$/)
    assert.equal((await get(site, 'hello')).status, 200)
    const count = faultsOf(site).length
    assert.equal(count, 6)
    await get(site, 'exit')
    assert.equal(faultsOf(site).length, count, 'a refused call must not reach the thread')
    await until('the faults are written', () => readFaults(dataDir).length === 6)
    assert.equal(
      readFaults(dataDir).every((fault) => fault.endpoint === 'files:/api/public/exit'),
      true,
    )
    await site.close()
  })
})

describe('an endpoint that never answers', () => {
  test('504 at its deadline, its signal is aborted, and the thread goes on', async () => {
    await using site = await openFaulty()
    const answer = await get(site, 'never')
    assert.equal(answer.status, 504)
    await until('the handler was told', () =>
      site.observed.some((seen) => seen.kind === 'site.log' && seen.message === 'told to stop'),
    )
    assert.deepEqual(faultsOf(site), [])
    assert.equal((await get(site, 'hello')).status, 200)
  })

  test('504 from the house where even the checking of the call never ends', async () => {
    await using site = await openFaulty()
    const answer = await get(site, 'endless-schema?a=1')
    assert.equal(answer.status, 504)
    assert.match(answer.text, /"code":"TIMEOUT"/)
    assert.deepEqual(faultsOf(site), [])
    assert.equal((await get(site, 'hello')).status, 200)
  })
})

// The last one: where V8 cannot stop the thread, it goes on beside whatever comes after.
describe('an endpoint that V8 compiles so that nothing stops it', () => {
  test('503 for it alone, once; others are answered, and the site can be closed', async () => {
    const site = await openFaulty()
    const unstoppable = get(site, 'unstoppable')
    const hello = get(site, 'hello')
    assert.equal((await hello).status, 200)
    assert.equal((await unstoppable).status, 503)
    assert.ok(faultsOf(site).every(({ endpoint }) => endpoint === 'files:/api/public/unstoppable'))
    assert.equal((await get(site, 'hello')).status, 200)
    assert.equal((await site.request('GET', '/api/objects')).status, 200)
    await site.close()
    assert.ok(stuckThreads() <= 2)
  })
})
