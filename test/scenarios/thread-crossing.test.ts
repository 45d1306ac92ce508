/** What crosses between the house and a site's thread arrives as it was, and only as fast as it is taken. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { openTestSite, scenario, type TestSite } from '../../src/testing/index.ts'

const files = {
  'types/note.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'note', fields: { text: field.text() }, rules: { read: allow.everyone, create: allow.everyone, update: allow.everyone, delete: allow.everyone } })`,
  'api/public/echo/[name].ts': `export default ({ method, path, url, params, query, headers, body, caller }) =>
  ({ method, path, url: url.replace(/:\\d+/, ''), params, query, agent: headers['x-agent'], secret: headers.authorization ?? null, body, caller })`,
  'api/who.ts': 'export default ({ caller }) => caller',
  'api/public/size.ts': `import { defineEndpoint } from 'postern'
export default defineEndpoint({ bodyLimit: 5_000_000, handler: ({ body }) => ({ size: body.text.length, last: body.text.at(-1) }) })`,
  'api/public/bytes.ts': 'export default () => new Uint8Array(3_000_000).fill(7)',
  'api/public/pooled.ts': "export default () => Buffer.from('a few bytes of a pool')",
  'api/public/endless.ts': `let made = 0
export default ({ param }) => param('made') ? { made } : new ReadableStream({
  pull(controller) {
    made++
    controller.enqueue(new Uint8Array(65_536))
  },
  cancel() { made = -1 },
})`,
  'api/public/breaks.ts': `export default async function* () {
  yield 'begun'
  await new Promise((resolve) => setTimeout(resolve, 20))
  throw new Error('SECRET')
}`,
  'api/public/dies.ts': `export default async function* () {
  yield 'begun'
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.exit(1)
}`,
  'api/public/waits.ts': `let told = 0
export default ({ param, signal }) => param('told') ? { told } : new Promise(() => signal.addEventListener('abort', () => told++))`,
  'api/public/write.ts': `export const POST = async ({ content, body }) => content.create('note', { title: 'made', ...body })
export const PUT = async ({ content }) => content.create('note', { title: () => 'not plain data' })
export const GET = async ({ content }) => (await content.list('notes')).data.map(({ text }) => text)`,
}

const unlimited = { accounts: { limits: { requests: 0, requestsPerAddress: 0 } } }

scenario('a call and its answer cross whole', { files }, [
  {
    request: 'POST /api/public/echo/A%20b?page=2&x=%C3%A9',
    headers: { 'x-agent': 'line, with: signs' },
    body: { deep: [{ a: 1 }] },
    status: 200,
    answer: {
      method: 'POST',
      path: '/api/public/echo/A%20b',
      url: 'http://127.0.0.1/api/public/echo/A%20b',
      params: { name: 'A b' },
      query: { page: '2', x: 'é' },
      agent: 'line, with: signs',
      secret: null,
      body: { deep: [{ a: 1 }] },
      caller: { kind: 'anonymous' },
    },
  },
  { request: 'GET /api/who', as: 'tom', status: 200, contains: { kind: 'user', name: 'tom' }, never: /"token":/ },
  { request: 'GET /api/who', as: 'ann', status: 200, contains: { kind: 'user', name: 'ann' }, never: /tom/ },
  { request: 'GET /api/who', as: 'tom', status: 200, contains: { kind: 'user', name: 'tom' } },
  { request: 'GET /api/public/pooled', status: 200, answer: 'a few bytes of a pool' },
  { request: 'POST /api/public/write', body: { text: 'kept' }, status: 200, contains: { text: 'kept' } },
  { request: 'GET /api/public/write', status: 200, answer: ['kept'] },
  { request: 'PUT /api/public/write', status: 422 },
  { request: 'GET /api/public/write', status: 200, answer: ['kept'] },
])

for (const isolation of ['thread', 'inline'] as const) {
  test(`V20 nothing of one call is seen by another: twenty users, each at once and often (${isolation})`, async () => {
    await using site = await openTestSite({ files, settings: unlimited, isolation })
    const names = Array.from({ length: 20 }, (_, number) => `user${number}`)
    for (const name of names) assert.equal((await site.as(name).request('GET', '/api/who')).status, 200)
    const asked = Array.from({ length: 600 }, async (_, number) => {
      const name = names[number % names.length] ?? ''
      const path = `/api/public/echo/canary${number}?canary=${number}`
      const { body } = await site.as(name).request('POST', path, { body: { canary: number } })
      const seen = new Map<string, unknown>(Object.entries(body ?? {}))
      assert.deepEqual(seen.get('params'), { name: `canary${number}` })
      assert.deepEqual(seen.get('query'), { canary: String(number) })
      assert.deepEqual(seen.get('body'), { canary: number })
      assert.equal(new Map<string, unknown>(Object.entries(seen.get('caller') ?? {})).get('name'), name)
    })
    await Promise.all(asked)
  })
}

for (const isolation of ['thread', 'inline'] as const) {
  describe(`large and long answers (${isolation})`, () => {
    test('megabytes go in and come out', async () => {
      await using site = await openTestSite({ files, isolation })
      const sent = await site.request('POST', '/api/public/size', { body: { text: `${'a'.repeat(3_999_999)}z` } })
      assert.deepEqual(sent.body, { size: 4_000_000, last: 'z' })
      const got = new Uint8Array(await (await fetch(`${site.url}/api/public/bytes`)).arrayBuffer())
      assert.equal(got.length, 3_000_000)
      assert.ok(got.every((byte) => byte === 7))
    })

    test('a stream is made only as fast as it is read, and cancelled when its reader leaves', async () => {
      await using site = await openTestSite({ files, isolation })
      const socket = connect(site.port, '127.0.0.1')
      socket.write('GET /api/public/endless HTTP/1.1\r\nhost: x\r\n\r\n')
      await new Promise((resolve) => {
        socket.once('readable', resolve)
      })
      const made = await settled(site, '/api/public/endless?made=1', 'made')
      assert.ok(made > 0 && made < 500, `${made} chunks of 64 kB were made for a reader who took none`)
      socket.destroy()
      await eventually(async () => (await valueOf(site, '/api/public/endless?made=1', 'made')) === -1)
    })

    test('a client that leaves is told to a handler that listens', async () => {
      await using site = await openTestSite({ files, isolation })
      const leaving = new AbortController()
      const asked = fetch(`${site.url}/api/public/waits`, { signal: leaving.signal })
      await new Promise((resolve) => {
        setTimeout(resolve, 300)
      })
      leaving.abort()
      await assert.rejects(asked)
      await eventually(async () => (await valueOf(site, '/api/public/waits?told=1', 'told')) === 1)
    })
  })
}

describe('a stream that fails', () => {
  for (const name of ['breaks', 'dies']) {
    test(`${name}: the answer is cut off, never ended as if it were whole`, async () => {
      await using site = await openTestSite({ files, isolation: 'thread' })
      const raw = await site.raw(`GET /api/public/${name} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      assert.match(String(raw), /begun/)
      assert.doesNotMatch(String(raw), /\r\n0\r\n\r\n$/)
      assert.doesNotMatch(String(raw), /SECRET/)
      assert.equal((await site.request('GET', '/api/public/pooled')).status, 200)
    })
  }
})

async function valueOf(site: TestSite, path: string, name: string): Promise<number> {
  const { body } = await site.request('GET', path)
  return Number(new Map(Object.entries(body ?? {})).get(name))
}

/** The value once it has stood still for a while. */
async function settled(site: TestSite, path: string, name: string): Promise<number> {
  let last = -1
  await eventually(async () => {
    const before = last
    last = await valueOf(site, path, name)
    return before === last
  })
  return last
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  for (;;) {
    if (await holds()) return
    assert.ok(performance.now() < end, 'waited in vain')
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
}
