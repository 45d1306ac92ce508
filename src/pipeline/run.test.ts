import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import type { Content } from '../endpoint/content.ts'
import { EmptyAnswer, EnvelopeData } from '../endpoint/envelope.ts'
import type { Definition, Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import { PosternError } from '../errors/postern-error.ts'
import { buildRegistry } from '../registry/build.ts'
import { authorize } from '../rules/authorize.ts'
import { Cancel } from './cancel.ts'
import type { Incoming } from './incoming.ts'
import { opener } from './open.ts'
import type { Ports, Services } from './ports.ts'
import { perform, run } from './run.ts'

const member: Caller = { kind: 'user', id: 7, name: 'tom', code: 'T', roles: ['member'], via: 'session' }
const noContent = {} as unknown as Content
const services: Services = {
  contentFor: () => noContent,
  contentAsSystem: () => noContent,
  logFor: () => ({ info: () => {}, warn: () => {}, error: () => {} }),
}

interface Sent {
  readonly method?: string
  readonly search?: string
  readonly body?: string
  readonly type?: string
  readonly caller?: Caller
}

describe('the road', () => {
  it('walks a public hello and answers text', async () => {
    assert.deepEqual(await send({ handler: () => 'hello' }), {
      status: 200,
      type: 'text/plain; charset=utf-8',
      body: 'hello',
    })
  })

  it('refuses an unknown path before asking who calls', async () => {
    const answer = await send({ path: '/elsewhere' })
    assert.equal(answer.status, 404)
  })

  it('names the verbs on 405', async () => {
    const answer = await sendRaw({ methods: ['GET'] }, { method: 'POST' })
    assert.equal(answer.status, 405)
    assert.equal(answer.headers['allow'], 'GET, HEAD, OPTIONS')
  })

  it('answers 412 without a rule and never reaches the handler', async () => {
    let reached = false
    const answer = await sendRaw({ rule: undefined, activation: 'Add X to api.json.', handler: () => (reached = true) })
    assert.equal(answer.status, 412)
    assert.match(String(answer.body), /Add X to api\.json/)
    assert.equal(reached, false)
  })

  it('refuses strangers with 401, the known with 403, before the body is read', async () => {
    let read = false
    const house = (caller: Caller) =>
      sendRaw(
        { rule: { role: ['admin'] }, methods: ['POST'], onBody: () => (read = true) },
        { method: 'POST', body: '{', caller },
      )
    assert.equal((await house(anonymous)).status, 401)
    assert.equal((await house(member)).status, 403)
    assert.equal(read, false)
  })

  it('runs before-hooks in order, the handler, then after-hooks on the result', async () => {
    const steps: string[] = []
    const hook = (id: string) => ({ id, order: 0, run: () => void steps.push(id) })
    const answer = await send({
      before: [hook('one'), hook('two')],
      handler: () => (steps.push('handler'), 'raw'),
      after: [{ id: 'after', order: 0, run: (_call, result) => `${String(result)} and dressed` }, hook('silent')],
    })
    assert.deepEqual(steps, ['one', 'two', 'handler', 'silent'])
    assert.equal(answer.body, 'raw and dressed')
  })

  it('stops at a before-hook that throws', async () => {
    let reached = false
    const refuse = () => {
      throw new PosternError('CONFLICT', 'Not today.')
    }
    const answer = await sendRaw({ before: [{ id: 'no', order: 0, run: refuse }], handler: () => (reached = true) })
    assert.equal(answer.status, 409)
    assert.equal(reached, false)
  })

  it('gives up after the timeout and aborts the signal', async () => {
    let aborted = false
    const answer = await sendRaw({
      timeout: 5,
      handler: (call) => new Promise(() => call.signal.addEventListener('abort', () => (aborted = true))),
    })
    assert.equal(answer.status, 504)
    assert.equal(aborted, true)
  })

  it('hides what a handler throws, whatever it is', async () => {
    const nasty = Object.defineProperty({}, 'message', { get: () => assert.fail('looked inside') })
    for (const thrown of [null, undefined, 0, 'secret', 10n, Symbol('s'), nasty, new Error('secret path /etc')]) {
      const answer = await sendRaw({
        handler: () => {
          throw thrown
        },
      })
      assert.equal(answer.status, 500)
      assert.doesNotMatch(String(answer.body), /secret|etc/)
    }
  })
})

describe('what a handler returns', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const table: readonly [string, unknown, number, string | undefined, unknown][] = [
    ['an object', { a: 1 }, 200, 'application/json; charset=utf-8', '{"a":1}'],
    ['an array', [], 200, 'application/json; charset=utf-8', '[]'],
    ['a number', 42, 200, 'application/json; charset=utf-8', '42'],
    ['true', true, 200, 'application/json; charset=utf-8', 'true'],
    ['an empty string', '', 200, 'text/plain; charset=utf-8', ''],
    ['a tag', '<b>', 200, 'text/plain; charset=utf-8', '<b>'],
    ['undefined', undefined, 204, undefined, null],
    ['null', null, 204, undefined, null],
    ['an emptied answer', new EmptyAnswer(), 204, undefined, null],
  ]
  for (const [name, value, status, type, body] of table) {
    it(`${name} → ${status}`, async () =>
      assert.deepEqual(await send({ handler: () => value }), { status, type, body }))
  }
  const refused: readonly [string, unknown, number][] = [
    ['false', false, 404],
    ['a BigInt', 1n, 500],
    ['a function', () => 1, 500],
    ['a symbol', Symbol('x'), 500],
    ['a circle', circle, 500],
    ['an object with a BigInt', { n: 1n }, 500],
    ['a toJSON that throws', { toJSON: () => assert.fail() }, 500],
  ]
  for (const [name, value, status] of refused) {
    it(`${name} → ${status} as a problem`, async () => {
      const answer = await send({ handler: () => value })
      assert.deepEqual([answer.status, answer.type], [status, 'application/problem+json'])
    })
  }

  it('passes a Response through', async () => {
    const answer = await sendRaw({ handler: () => new Response('made', { status: 201, headers: { 'x-own': '1' } }) })
    assert.deepEqual([answer.status, answer.headers['x-own']], [201, '1'])
    assert.equal(await new Response(answer.body as ReadableStream).text(), 'made')
  })

  it('streams what yields text or bytes', async () => {
    async function* parts() {
      yield 'a'
      yield new Uint8Array([98])
    }
    const answer = await sendRaw({ handler: () => parts() })
    assert.equal(await new Response(answer.body as ReadableStream).text(), 'ab')
  })

  it('honours reply.status and reply.header, and refuses a header that smuggles', async () => {
    const answer = await sendRaw({ handler: ({ reply }) => (reply.status(201).header('location', '/x'), { id: 1 }) })
    assert.deepEqual([answer.status, answer.headers['location'], answer.body], [201, '/x', '{"id":1}'])
    const smuggled = await sendRaw({ handler: ({ reply }) => reply.header('location', '/x\r\nset-cookie: a=b') })
    assert.equal(smuggled.status, 500)
  })
})

describe('a body that is described', () => {
  const live = { body: z.strictObject({ name: z.string() }) }
  it('is asked of every verb but GET', async () => {
    const made = { live, methods: ['GET', 'POST'] as const, handler: () => 'ok' }
    assert.equal((await sendRaw(made)).status, 200)
    assert.equal((await sendRaw(made, { method: 'POST', body: '{}' })).status, 422)
    assert.equal((await sendRaw(made, { method: 'POST', body: '{"name":"Tom"}' })).status, 200)
  })
  it('of another media type is taken where the endpoint says so', async () => {
    const made = {
      methods: ['POST'] as const,
      accepts: ['text/csv'],
      handler: ({ body }: { readonly body: unknown }) => body,
    }
    assert.equal((await sendRaw(made, { method: 'POST', body: 'a,b', type: 'text/csv' })).body, 'a,b')
    assert.equal((await sendRaw(made, { method: 'POST', body: '{}' })).status, 415)
  })
})

describe('the envelope', () => {
  it('has exactly the five keys, and [] for no params', async () => {
    const answer = await send({ envelope: 'friends', handler: () => ['Tom', 'Jerry'] })
    assert.equal(
      answer.body,
      '{"api":"friends","data":["Tom","Jerry"],"method":"get","params":[],"url":"http://site.test/here"}',
    )
  })
  it('shows the query but never a credential', async () => {
    const answer = await send(
      { envelope: 'friends', handler: () => 1 },
      { search: 'page=2&access_token=SECRET&%74oken=SECRET' },
    )
    assert.match(String(answer.body), /"params":\{"page":"2"\}/)
    assert.doesNotMatch(String(answer.body), /SECRET/)
  })
  it('carries paging between method and params', async () => {
    const answer = await send({ envelope: 'friends', handler: () => new EnvelopeData([], { page: 1 }) })
    assert.match(String(answer.body), /"method":"get","paging":\{"page":1\},"params"/)
  })
})

describe('query names', () => {
  it('refuses an unknown name with the valid ones and the nearest', async () => {
    const answer = await sendRaw({ allowedQuery: { GET: ['page', 'page_size'] } }, { search: 'page_siz=1' })
    assert.equal(answer.status, 400)
    assert.match(String(answer.body), /Valid names: page, page_size\. Did you mean \\"page_size\\"\?/)
  })
})

type Made = Omit<Partial<Endpoint>, 'rule'> & { readonly rule?: Rule | undefined } & Partial<
    Pick<Definition, 'handler' | 'before' | 'after'>
  > & { readonly onBody?: () => void; readonly live?: Definition['schemas'] }

async function send(made: Made, sent: Sent = {}): Promise<{ status: number; type: string | undefined; body: unknown }> {
  const { status, headers, body } = await sendRaw({ ...made, path: '/here' }, sent, made.path ?? '/here')
  return { status, type: headers['content-type'], body }
}

async function sendRaw(made: Made, sent: Sent = {}, to = '/here') {
  const { handler = () => 'ok', before = [], after = [], onBody = () => {}, rule: given, live = {}, ...facts } = made
  const rule = 'rule' in made ? given : 'everyone'
  const record: Endpoint = {
    id: 'here',
    methods: ['GET', 'POST'],
    path: '/here',
    source: 'files',
    origin: { file: 'api/here.ts', line: 1 },
    place: 'site',
    schemas: {},
    timeout: 1_000,
    bodyLimit: 1_000,
    ...facts,
    ...(rule === undefined ? {} : { rule }),
  }
  const registry = buildRegistry([record])
  const definition: Definition = { record, schemas: live, handler, before, after }
  const house: Ports = {
    route: (incoming) => registry.route(incoming.method, incoming.path),
    authenticate: () => sent.caller ?? anonymous,
    authorize: (endpoint, { caller, params }) =>
      authorize(endpoint, {
        caller,
        params,
        inScope: () => true,
        ownerOf: async () => undefined,
        decide: async () => false,
      }),
    open: opener({ headers: ['authorization'], query: ['token', 'access_token'], cookies: [] }),
    perform: (_endpoint, call) => perform(definition, call, { services, abort: new Cancel() }),
    note: () => {},
  }
  return await run(house, incomingOf(sent, to, onBody))
}

function incomingOf(sent: Sent, path: string, onBody: () => void): Incoming {
  const bytes = new TextEncoder().encode(sent.body ?? '')
  return {
    id: 'r1',
    method: sent.method ?? 'GET',
    path,
    search: sent.search ?? '',
    headers:
      sent.body === undefined
        ? {}
        : { 'content-length': String(bytes.length), 'content-type': sent.type ?? 'application/json' },
    rawHeaders: [],
    base: 'http://site.test',
    ip: '127.0.0.1',
    signal: () => new AbortController().signal,
    body: async () => {
      onBody()
      return bytes
    },
  }
}
