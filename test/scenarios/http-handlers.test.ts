import assert from 'node:assert/strict'
import { scenario, type ScenarioRow, type TestSite } from '../../src/testing/index.ts'

/** Handlers that do what no handler should. Each gets one clear answer, the process goes on, and nothing of it leaks. */
const files = {
  'api/public/hello.ts': "export default () => 'hello'\n",
  'api/public/throws/[what].ts': `
    const trap = { enumerable: true, get() { throw new Error('SECRET trap') } }
    const cyclic = {}
    cyclic.self = cyclic
    const values = {
      null: null, undefined: undefined, nothing: '', number: 7, bigint: 1n, symbol: Symbol('SECRET'), text: 'SECRET /etc/passwd', cyclic,
      array: [1], function: () => 1, getter: Object.defineProperty({}, 'message', trap), stack: Object.defineProperty(new Error('x'), 'stack', trap),
      proxy: new Proxy({}, { get: trap.get, has: trap.get, getPrototypeOf: trap.get, ownKeys: trap.get }),
      error: new Error('SECRET at /etc/passwd'), cause: new Error('SECRET', { cause: cyclic }), response: new Response('SECRET'),
      dressed: Object.assign(new Error('SECRET'), { status: 200, code: 'NOT_FOUND', statusCode: 200 }),
    }
    export const GET = ({ params }) => { throw values[params.what] }
    export const POST = async ({ params }) => { await null; throw values[params.what] }\n`,
  'api/public/returns/[what].ts': `
    const trap = { enumerable: true, get() { throw new Error('SECRET trap') } }
    const cyclic = {}
    cyclic.self = cyclic
    const used = () => { const response = new Response('SECRET'); void response.text(); return response }
    const values = {
      undefined: () => undefined, null: () => null, false: () => false, true: () => true, zero: () => 0, text: () => '<b>hi</b>', array: () => [], object: () => ({ a: undefined }),
      date: () => new Date(0), bytes: () => new Uint8Array([104, 105]), response: () => new Response('hi', { status: 201, headers: { 'x-a': 'b' } }),
      stream: () => new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode('hi')); c.close() } }),
      bigint: () => 1n, deep: () => ({ a: [1n] }), symbol: () => Symbol('SECRET'), function: () => () => 'SECRET', cyclic: () => cyclic, used,
      getter: () => Object.defineProperty({}, 'a', trap), json: () => ({ toJSON: trap.get }), proxy: () => new Proxy({}, { ownKeys: trap.get, get: trap.get, getPrototypeOf: trap.get }),
    }
    export default ({ params }) => values[params.what]()\n`,
  'api/public/replies/[what].ts': `
    const says = {
      status: (reply) => reply.status(99), text: (reply) => reply.status('200'), split: (reply) => reply.header('x-a', 'b\\r\\nset-cookie: SECRET=1'),
      name: (reply) => reply.header('x-a: b\\r\\nx', 'SECRET'), wide: (reply) => reply.header('x-a', 'SECRET \\u2603'), empty: (reply) => reply.header('', 'SECRET'),
    }
    export default ({ params, reply }) => { says[params.what](reply); return 'replied' }\n`,
  'api/public/twice.ts':
    "export default () => new Promise((resolve, reject) => { resolve('first'); resolve('second'); reject(new Error('SECRET')) })\n",
  'api/public/thenable.ts':
    "export default () => ({ then(resolve) { resolve('first'); resolve('second'); throw new Error('SECRET') } })\n",
  'api/public/after.ts':
    "export default ({ reply }) => { setTimeout(() => reply.status(500).header('x-late', 'SECRET'), 20); return 'answered' }\n",
  'api/public/rejects-later.ts':
    "export default () => { const late = new Promise((_, reject) => setTimeout(reject, 20, new Error('SECRET'))); late.catch(() => {}); return 'answered' }\n",
  'api/public/never.ts':
    "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ timeout: 150, handler: () => new Promise(() => {}) })\n",
  'api/public/too-late.ts': `import { defineEndpoint } from 'postern'
    export default defineEndpoint({ timeout: 100, handler: () => new Promise((_, reject) => setTimeout(reject, 250, new Error('SECRET'))) })\n`,
}

const never = /SECRET|\/etc|node:internal|at \w+ \(|\.ts\b/
const thrown = [
  'null',
  'undefined',
  'nothing',
  'number',
  'bigint',
  'symbol',
  'text',
  'cyclic',
  'array',
  'function',
  'getter',
  'stack',
  'proxy',
  'error',
  'cause',
  'response',
  'dressed',
]

scenario('V96 whatever a handler throws is one INTERNAL', { files }, [
  ...thrown.flatMap((what): ScenarioRow[] => [
    { request: `GET /api/public/throws/${what}`, status: 500, code: 'INTERNAL', never, also: isNotedOnce },
    { request: `POST /api/public/throws/${what}`, status: 500, code: 'INTERNAL', never, also: isNotedOnce },
  ]),
  { request: 'GET /api/public/hello', status: 200, answer: 'hello' },
])

function returned(what: string, row: Partial<ScenarioRow>): ScenarioRow {
  return { request: `GET /api/public/returns/${what}`, status: 200, never, ...row }
}

scenario('whatever a handler returns is sent as what it is, or not at all', { files }, [
  returned('undefined', { status: 204, answer: '' }),
  returned('null', { status: 204, answer: '' }),
  returned('false', { status: 404, code: 'NOT_FOUND' }),
  returned('true', { answer: true }),
  returned('zero', { answer: 0 }),
  returned('text', { answer: '<b>hi</b>', sends: { 'content-type': 'text/plain; charset=utf-8' } }),
  returned('array', { answer: [] }),
  returned('object', { answer: {} }),
  returned('date', { answer: '1970-01-01T00:00:00.000Z' }),
  returned('bytes', { answer: 'hi', sends: { 'content-type': 'application/octet-stream' } }),
  returned('response', { status: 201, answer: 'hi', sends: { 'x-a': 'b' } }),
  returned('stream', { answer: 'hi' }),
  ...['bigint', 'deep', 'symbol', 'function', 'cyclic', 'used', 'getter', 'json'].map((what) =>
    returned(what, { status: 500, code: 'BAD_ANSWER' }),
  ),
  returned('proxy', { status: 500 }),
  ...['status', 'text', 'split', 'name', 'wide', 'empty'].map((what): ScenarioRow => ({
    request: `GET /api/public/replies/${what}`,
    status: 500,
    code: 'INTERNAL',
    never,
    sends: { 'set-cookie': null, 'x-a': null },
  })),
  { request: 'GET /api/public/hello', status: 200, answer: 'hello' },
])

scenario('whenever a handler answers, it is once', { files }, [
  { request: 'GET /api/public/twice', status: 200, answer: 'first', never },
  { request: 'GET /api/public/thenable', status: 200, answer: 'first', never },
  { request: 'GET /api/public/after', status: 200, answer: 'answered', never, sends: { 'x-late': null }, also: pause },
  { request: 'GET /api/public/rejects-later', status: 200, answer: 'answered', never, also: pause },
  { request: 'GET /api/public/never', status: 504, code: 'TIMEOUT', never },
  { request: 'GET /api/public/too-late', status: 504, code: 'TIMEOUT', never, also: pause },
  {
    name: 'and the process has noticed nothing',
    request: 'GET /api/public/hello',
    status: 200,
    answer: 'hello',
    also: ({ observed }) =>
      assert.deepEqual(
        observed.filter(({ kind }) => kind === 'thread.lost' || kind === 'house.failed'),
        [],
      ),
  },
])

/** The cause is in the log, under the id of the answer, and nowhere else. */
function isNotedOnce(
  { observed }: TestSite,
  { headers }: { readonly headers: Readonly<Record<string, unknown>> },
): void {
  const noted = observed.filter((seen) => seen.kind === 'request.failed' && seen.id === headers['x-request-id'])
  assert.equal(noted.length, 1)
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200))
}
