import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import { describe, test } from 'node:test'
import { ApiError, createClient, type ClientOptions } from './index.ts'

interface Seen {
  readonly line: string
  readonly credential: string | undefined
  readonly key: string | undefined
  readonly body: string
}

type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'hang up'
  | 'never'

interface Site {
  'GET /api/items': {
    input: { query?: { page?: number; q?: string } }
    answer: { data: { id: number }[]; paging: { next: string | null } }
  }
  'GET /api/items/:code': { input: { params: { code: string } }; answer: { code: string } }
  'GET /docs/*rest': { input: { params: { rest: string } }; answer: string }
  'POST /api/items': { input: { body: { title: string } }; answer: unknown }
  'DELETE /api/items/:code': { input: { params: { code: string } }; answer: unknown }
}

describe('a call', () => {
  test('fills the path, the query and the body', async () => {
    await using server = await serve([
      { body: { code: 'a/b' } },
      { body: { data: [], paging: { next: null } } },
      {},
      {},
    ])
    const api = createClient<Site>(server.url)
    assert.deepEqual(await api.call('GET /api/items/:code', { params: { code: 'a/b ü' } }), { code: 'a/b' })
    await api.call('GET /api/items', { query: { page: 2, q: 'a&b' } })
    await api.call('GET /docs/*rest', { params: { rest: 'one/two three' } })
    await api.call('POST /api/items', { body: { title: 'x' } })
    assert.deepEqual(
      server.seen.map(({ line }) => line),
      [
        'GET /api/items/a%2Fb%20%C3%BC',
        'GET /api/items?page=2&q=a%26b',
        'GET /docs/one/two%20three',
        'POST /api/items',
      ],
    )
    assert.equal(server.seen[3]?.body, '{"title":"x"}')
    assert.equal(server.seen[0]?.body, '')
  })

  test('refuses a path without its parameter, and sends nothing', async () => {
    await using server = await serve([])
    const api = createClient<Site>(server.url)
    await assert.rejects(api.call('GET /api/items/:code', { params: { code: '' } }), /needs code/)
    assert.equal(server.seen.length, 0)
  })

  test('throws what the server refused, by code', async () => {
    const body = {
      title: 'Not found',
      status: 404,
      detail: 'No such item.',
      code: 'NOT_FOUND',
      hint: 'Look.',
      instance: 'urn:x',
    }
    await using server = await serve([{ status: 404, body }])
    const thrown = await createClient<Site>(server.url)
      .call('GET /api/items')
      .catch((error: unknown) => error)
    assert.ok(ApiError.is(thrown, 'NOT_FOUND'))
    assert.ok(!ApiError.is(thrown, 'CONFLICT'))
    assert.deepEqual(
      [thrown.status, thrown.message, thrown.hint, thrown.instance],
      [404, 'No such item.', 'Look.', 'urn:x'],
    )
  })

  test('throws something readable for an answer that is no problem document', async () => {
    await using server = await serve([{ status: 400, body: undefined }])
    const thrown = await createClient<Site>(server.url)
      .call('GET /api/items')
      .catch((error: unknown) => error)
    assert.ok(ApiError.is(thrown, 'UNKNOWN'))
  })

  test('sends a token, and no credential where there is none', async () => {
    await using server = await serve([{}, {}])
    await createClient<Site>(server.url, { token: 'secret' }).call('GET /api/items')
    await createClient<Site>(server.url).call('GET /api/items')
    assert.deepEqual(
      server.seen.map(({ credential }) => credential),
      ['Bearer secret', undefined],
    )
  })
})

describe('trying again', () => {
  test('a read that was lost, and one that the server put off', async () => {
    await using server = await serve([
      'hang up',
      { status: 503, headers: { 'retry-after': '0' } },
      { body: { code: 'x' } },
    ])
    const answer = await createClient<Site>(server.url).call('GET /api/items/:code', { params: { code: 'x' } })
    assert.deepEqual(answer, { code: 'x' })
    assert.equal(server.seen.length, 3)
  })

  test('not a write, unless it is asked for; then under one key', async () => {
    await using server = await serve(['hang up', 'hang up', { status: 201, body: {} }])
    const api = createClient<Site>(server.url)
    const thrown = await api.call('POST /api/items', { body: { title: 'x' } }).catch((error: unknown) => error)
    assert.ok(ApiError.is(thrown, 'NETWORK'))
    assert.deepEqual([server.seen.length, server.seen[0]?.key], [1, undefined])
    await api.call('POST /api/items', { body: { title: 'x' }, retries: 1 })
    assert.match(server.seen[1]?.key ?? '', /^[0-9a-f-]{36}$/)
    assert.equal(server.seen[1]?.key, server.seen[2]?.key)
  })

  test('not what was refused', async () => {
    await using server = await serve([{ status: 429, body: { code: 'TOO_MANY_REQUESTS', status: 429 } }])
    await assert.rejects(createClient<Site>(server.url).call('GET /api/items'))
    assert.equal(server.seen.length, 1)
  })

  test('not what was cancelled', async () => {
    await using server = await serve(['never'])
    const cancel = new AbortController()
    const pending = createClient<Site>(server.url).call('GET /api/items', { signal: cancel.signal })
    setTimeout(() => cancel.abort(new Error('enough')), 30)
    await assert.rejects(pending, /enough/)
    assert.equal(server.seen.length, 1)
  })
})

describe('a list', () => {
  test('goes from page to page, and no further than it is read', async () => {
    const page = (ids: number[], next: string | null) => ({
      body: { data: ids.map((id) => ({ id })), paging: { next } },
    })
    await using server = await serve([page([1, 2], '/api/items?q=a&cursor=two'), page([3], 'three'), page([4], null)])
    const ids: number[] = []
    for await (const item of createClient<Site>(server.url).list('GET /api/items', { query: { q: 'a' } })) {
      ids.push(item.id)
      if (ids.length === 2) assert.equal(server.seen.length, 1)
    }
    assert.deepEqual(ids, [1, 2, 3, 4])
    assert.deepEqual(
      server.seen.map(({ line }) => line),
      ['GET /api/items?q=a', 'GET /api/items?q=a&cursor=two', 'GET /api/items?q=a&cursor=three'],
    )
  })
})

describe('a session', () => {
  const opened = (name: string, seconds = 600): Reply => ({
    body: { access_token: name, refresh_token: `${name}-refresh`, expires_in: seconds },
  })
  const refused: Reply = { status: 401, body: { code: 'BAD_CREDENTIAL', status: 401 } }

  test('is used after signing in, and gone after signing out', async () => {
    await using server = await serve([opened('one'), {}, { status: 204 }, {}])
    const api = createClient<Site>(server.url)
    await api.signIn('ann', 'pass')
    assert.ok(api.isSignedIn())
    await api.call('GET /api/items')
    await api.signOut()
    assert.ok(!api.isSignedIn())
    await api.call('GET /api/items')
    assert.deepEqual(
      server.seen.map(({ line, credential }) => `${line} ${credential}`),
      [
        'POST /api/auth undefined',
        'GET /api/items Bearer one',
        'DELETE /api/auth Bearer one',
        'GET /api/items undefined',
      ],
    )
  })

  test('takes the code of a second factor along, and none where there is none', async () => {
    await using server = await serve([opened('one'), opened('two')])
    const api = createClient<Site>(server.url)
    await api.signIn('ann', 'pass')
    await api.signIn('ann', 'pass', '123456')
    const plain = { grant_type: 'password', username: 'ann', password: 'pass' }
    assert.deepEqual(
      server.seen.map(({ body }) => JSON.parse(body) as unknown),
      [plain, { ...plain, code: '123456' }],
    )
  })

  test('is renewed once for all calls that found it refused', async () => {
    await using server = await serve((line, index) => {
      if (line.startsWith('POST')) return index === 0 ? opened('one') : opened('two')
      return server.seen[index]?.credential === 'Bearer two' ? {} : refused
    })
    const api = createClient<Site>(server.url)
    await api.signIn('ann', 'pass')
    await Promise.all([api.call('GET /api/items'), api.call('GET /api/items'), api.call('GET /api/items')])
    const renewals = server.seen.filter(({ body }) => body.includes('one-refresh'))
    assert.equal(renewals.length, 1)
  })

  test('that has expired is renewed before it is used', async () => {
    await using server = await serve([opened('one', -1), opened('two'), {}])
    const api = createClient<Site>(server.url)
    await api.signIn('ann', 'pass')
    await api.call('GET /api/items')
    assert.equal(server.seen[2]?.credential, 'Bearer two')
  })

  test('that cannot be renewed is over, and the refusal is thrown', async () => {
    await using server = await serve([opened('one'), refused, refused])
    const api = createClient<Site>(server.url)
    await api.signIn('ann', 'pass')
    const thrown = await api.call('GET /api/items').catch((error: unknown) => error)
    assert.ok(ApiError.is(thrown, 'BAD_CREDENTIAL'))
    assert.ok(!api.isSignedIn())
  })

  test('is forgotten here even where the server could not be told', async () => {
    await using server = await serve([opened('one'), 'hang up', 'hang up', 'hang up'])
    const api = createClient<Site>(server.url, { fetch } satisfies ClientOptions)
    await api.signIn('ann', 'pass')
    await assert.rejects(api.signOut())
    assert.ok(!api.isSignedIn())
  })
})

/** A server that answers what it is told, in order, and remembers what it was asked. */
async function serve(replies: readonly Reply[] | ((line: string, index: number) => Reply)) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const line = `${request.method} ${request.url}`
      const key = request.headers['idempotency-key']
      seen.push({
        line,
        credential: request.headers.authorization,
        key: typeof key === 'string' ? key : undefined,
        body,
      })
      const reply = typeof replies === 'function' ? replies(line, seen.length - 1) : replies[seen.length - 1]
      if (reply === 'never') return
      if (reply === undefined || reply === 'hang up') return request.socket.destroy()
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
      response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
