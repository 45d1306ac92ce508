import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { openTestSite, scenario, type ScenarioRow, type TestSite } from '../../src/testing/index.ts'

const files = {
  'api/public/hello.ts': "export default () => 'hello'\n",
  'api/custom.ts': "export default () => 'custom'\n",
}

const origin = 'https://app.example.org'
const preflight = {
  origin,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'content-type, x-a',
}

scenario('CORS, as it is unless the site says otherwise', { files, isolations: ['inline'] }, [
  {
    request: 'GET /api/public/hello',
    headers: { origin },
    status: 200,
    sends: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': null },
  },
  { request: 'GET /api/public/hello', status: 200, sends: { 'access-control-allow-origin': null } },
  { request: 'GET /api/nowhere', headers: { origin }, status: 404, sends: { 'access-control-allow-origin': '*' } },
  {
    request: 'OPTIONS /api/custom',
    headers: preflight,
    status: 204,
    answer: '',
    sends: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': /PUT/,
      'access-control-allow-headers': 'content-type, x-a',
      'access-control-max-age': '600',
    },
  },
  {
    name: 'names that are none are not repeated',
    request: 'OPTIONS /api/custom',
    headers: { ...preflight, 'access-control-request-headers': 'a"<b>' },
    status: 204,
    sends: { 'access-control-allow-headers': null },
  },
])

const origins = ['https://one.example', 'https://*.example.org', 'https://**.deep.example:8443']
const allowed = [
  'https://one.example',
  'HTTPS://ONE.EXAMPLE',
  'https://example.org',
  'https://app.example.org',
  'https://deep.example:8443',
  'https://a.b.c.deep.example:8443',
]
const denied = [
  'https://two.example',
  'http://one.example',
  'https://one.example:444',
  'https://one.example.evil.org',
  'https://evil-one.example',
  'https://a.b.example.org',
  'https://evilexample.org',
  'https://app.example.org.evil.org',
  'https://appxexample.org',
  'https://a.deep.example',
  'null',
  '*',
  'https://one.example, https://two.example',
]
scenario(
  'V65 CORS with origins',
  { files, settings: { cors: { origins, credentials: true } }, isolations: ['inline'] },
  [
    ...allowed.map((one): ScenarioRow => ({
      request: 'GET /api/public/hello',
      name: `${one} may read`,
      headers: { origin: one },
      status: 200,
      sends: { 'access-control-allow-origin': one, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    })),
    ...denied.map((one): ScenarioRow => ({
      request: 'GET /api/public/hello',
      name: `${one} may not, though it is answered`,
      headers: { origin: one },
      status: 200,
      sends: { 'access-control-allow-origin': null, 'access-control-allow-credentials': null, vary: 'Origin' },
    })),
  ],
)

describe('V101 streams', () => {
  const stream = {
    'api/public/endless.ts': `export default ({ signal }) => {
      globalThis.pulled = 0
      return new ReadableStream({
        pull(controller) { globalThis.pulled += 65_536; controller.enqueue(new Uint8Array(65_536)) },
        cancel() { globalThis.cancelled = true },
      })
    }\n`,
    'api/public/broken.ts': `export default () => new ReadableStream({
      start(controller) { controller.enqueue(new TextEncoder().encode('half')) },
      async pull(controller) { await new Promise((resolve) => setTimeout(resolve, 50)); controller.error(new Error('late')) },
    })\n`,
    'api/public/never-begins.ts': `export default () => new ReadableStream({
      async pull(controller) { await new Promise((resolve) => setTimeout(resolve, 20)); controller.error(new Error('SECRET')) },
    })\n`,
    'api/public/waits.ts': `export default ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => { globalThis.left = true; resolve('left') }))\n`,
  }
  const seen = globalThis as { pulled?: number; cancelled?: boolean; left?: boolean }

  test('a reader that takes nothing is given no more than fits between; one that leaves ends the source', async () => {
    await using site = await openTestSite({ files: stream })
    const socket = connect(site.port, '127.0.0.1')
    socket.write('GET /api/public/endless HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    await until(() => (seen.pulled ?? 0) > 0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = seen.pulled ?? 0
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(seen.pulled, before, 'it stands still')
    assert.ok(before < 64 * 1024 * 1024, `${before} bytes were made for nobody`)
    socket.destroy()
    await until(() => seen.cancelled === true)
  })

  test('a source that fails breaks the connection: half an answer is never taken for a whole one', async () => {
    await using site = await openTestSite({ files: stream })
    await assert.rejects(site.request('GET', '/api/public/broken'))
    const raw = await site.raw('GET /api/public/broken HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.match(raw, /half/)
    assert.doesNotMatch(raw, /\r\n0\r\n\r\n$/, 'the end of a whole answer')
    assert.equal((await site.request('GET', '/healthz')).status, 200)
    assert.match(whyBroken(site), /late/)
  })

  for (const isolation of ['inline', 'thread'] as const)
    test(`a source that fails before its first bytes is answered 500, and the log says why (${isolation})`, async () => {
      await using site = await openTestSite({ files: stream, isolation })
      const { status, body, text } = await site.request('GET', '/api/public/never-begins')
      assert.equal(status, 500)
      assert.partialDeepStrictEqual(body, { code: 'INTERNAL' })
      assert.doesNotMatch(text, /SECRET/)
      assert.match(whyBroken(site), /SECRET/)
      assert.ok(site.observed.some((seen) => seen.kind === 'request.done' && seen.status === 500))
    })

  test('a client that leaves aborts the signal of its call', async () => {
    await using site = await openTestSite({ files: stream })
    const socket = connect(site.port, '127.0.0.1')
    socket.write('GET /api/public/waits HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal(seen.left, undefined)
    socket.destroy()
    await until(() => seen.left === true)
  })
})

describe('streams of events', () => {
  test('end in order when the server stops, which does not wait for them', async () => {
    const events = `export default () => new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode('data: 1\\n\\n')) } }), { headers: { 'content-type': 'text/event-stream' } })\n`
    const site = await openTestSite({ files: { 'api/public/events.ts': events } })
    const whole = site.raw('GET /api/public/events HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => site.observed.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = performance.now()
    await site.close()
    assert.ok(performance.now() - started < 1_000)
    assert.match(await whole, /data: 1\n\n\r\n0\r\n\r\n$/)
  })
})

describe('stopping', () => {
  test('whoever asks again and again is answered or finds the door closed, and never cut off', async () => {
    const site = await openTestSite({ files })
    const outcomes = new Map<string, number>()
    let open = true
    async function ask(): Promise<void> {
      const agent = new Agent({ keepAlive: true })
      while (open) {
        const outcome = await once(site.port, agent)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        if (outcome !== '200') break
      }
      agent.destroy()
    }
    const asking = Array.from({ length: 16 }, ask)
    await until(() => (outcomes.get('200') ?? 0) > 100)
    await site.close()
    open = false
    await Promise.all(asking)
    const { 200: answered = 0, ECONNREFUSED: refused = 0, ...others } = Object.fromEntries(outcomes)
    assert.ok(answered > 100 && refused <= 16)
    assert.deepEqual(others, {})
  })
})

describe('V108 health', () => {
  test('/healthz is alive and /readyz ready, and neither touches what costs', async () => {
    await using site = await openTestSite({ files })
    assert.deepEqual((await site.request('GET', '/healthz')).body, { status: 'alive' })
    assert.deepEqual((await site.request('GET', '/readyz')).body, { status: 'ready' })
  })
})

describe('V54 who is asking, behind proxies', () => {
  const rows: [what: string, trusted: string[], forwarded: string, expected: string][] = [
    ['without trusted proxies the header means nothing', [], '203.0.113.9', '127.0.0.1'],
    ['a trusted proxy names its client', ['127.0.0.1'], '203.0.113.9', '203.0.113.9'],
    ['what the client wrote before is not believed', ['127.0.0.1'], '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a chain of trusted networks', ['127.0.0.0/8', '10.0.0.0/8'], '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['nonsense ends the chain', ['127.0.0.1'], '<script>', '127.0.0.1'],
  ]
  for (const [what, trustedProxies, forwarded, expected] of rows) {
    test(what, async () => {
      await using site = await openTestSite({ files, settings: { trustedProxies } })
      await site.request('GET', '/api/public/hello', { headers: { 'x-forwarded-for': forwarded } })
      assert.deepEqual(addressesOf(site), [expected])
    })
  }
})

function addressesOf({ observed }: TestSite): string[] {
  return observed.flatMap((seen) => (seen.kind === 'request.done' ? [seen.ip] : []))
}

function once(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/api/public/hello', agent }, (answer) => {
      answer.resume().on('end', () => resolve(String(answer.statusCode)))
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end()
  })
}

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 5_000
  while (!holds()) {
    assert.ok(performance.now() < limit, 'it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What the log says of answers that could not be finished. */
function whyBroken({ observed }: TestSite): string {
  return observed.flatMap((seen) => (seen.kind === 'house.failed' ? [inspect(seen.thrown)] : [])).join()
}
