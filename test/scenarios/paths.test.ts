import assert from 'node:assert/strict'
import { scenario, type ScenarioRow } from '../../src/testing/index.ts'

/** A guarded endpoint, an open one, and parameters: whatever is spelled to reach the first past its guard must not. */
const files = {
  'api/secret.ts': "export default () => 'THE SECRET'\n",
  'api/hello.post.ts': "export default () => 'THE SECRET'\n",
  'api/_shared.ts': "export default () => 'THE SECRET'\n",
  'api/public/hello.ts': "export default ({ param }) => ({ hello: param('name') ?? 'world' })\n",
  'api/public/items/[code].ts': 'export default ({ params }) => ({ params })\n',
  'api/public/docs/[...rest].ts': 'export default ({ params }) => ({ params })\n',
}

const never = /THE SECRET|root:|\.ts\b|node_modules|\/tmp\//

function refused(path: string, status: 400 | 404, more: Partial<ScenarioRow> = {}): ScenarioRow {
  const code = status === 400 ? 'BAD_PATH' : 'NOT_FOUND'
  return { request: `GET ${path}`, status, code, never, ...more }
}

scenario('V87 V92 paths are compared as they are, one spelling each', { files }, [
  { request: 'GET /api/public/hello', status: 200, answer: { hello: 'world' } },
  { request: 'GET /api/secret', status: 401, code: 'UNAUTHENTICATED', never },
  { request: 'GET /api/secret', as: 'tom', status: 200, answer: 'THE SECRET' },

  refused('/api/public/../secret', 404),
  refused('/api/public/%2e%2e/secret', 404),
  refused('/api/public/%2E%2E/secret', 404),
  refused('/api/public/.%2e/secret', 404),
  refused('/api/public/%2e%2e%2fsecret', 400),
  refused('/api/public/..%2fsecret', 400),
  refused('/api/public/..%2Fsecret', 400),
  refused('/api/public/..%5csecret', 400),
  refused('/api/public\\..\\secret', 400),
  refused('/api/public/%252e%252e/secret', 404),
  refused('/api/..;/secret', 404),
  refused('/api/./secret', 404),
  refused('/./api/secret', 404),
  refused('/api/%2e/secret', 404),
  refused('/explorer/../api/secret', 404),
  refused('/api/../../../etc/passwd', 404),
  refused('/%2e%2e/%2e%2e/%2e%2e/etc/passwd', 404),

  refused('/api//secret', 404),
  refused('//api/secret', 404),
  refused('/api/secret/', 404),
  refused('/api/secret//', 404),
  refused('/api/secret;x', 404),
  refused('/api/secret;x=1', 404),
  refused('/api/secret.', 404),
  refused('/api/secret%2f', 400),
  refused('/api/secret%5c', 400),
  refused('/api/secret%20', 404),
  refused('/api/secret%00', 400),
  refused('/api/secret%00.ts', 400),
  refused('/api/secret%23', 404),
  refused('/api/secret%3f', 404),
  refused('/api/SECRET', 404),
  refused('/API/secret', 404),
  refused('/api/%73ecret', 404),
  refused('/api/secre%74', 404),
  refused('/api/secret.ts', 404),

  refused('/api/hello.post', 404, { name: 'GET /api/hello.post: a verb suffix is never part of an address' }),
  refused('/api/hello.post.ts', 404),
  { request: 'GET /api/hello', status: 405, code: 'METHOD_NOT_ALLOWED', sends: { allow: /POST/ }, never },
  refused('/api/_shared', 404),
  { request: 'GET /api/public/items/index', status: 200, answer: { params: { code: 'index' } } },

  refused('/__proto__', 404),
  refused('/api/__proto__', 404),
  refused('/api/constructor', 404),
  refused('/api/toString', 404),
])

scenario('path parameters are decoded once, and only into what was meant', { files }, [
  { request: 'GET /api/public/items/a', status: 200, answer: { params: { code: 'a' } } },
  { request: 'GET /api/public/items/caf%C3%A9', status: 200, answer: { params: { code: 'café' } } },
  { request: 'GET /api/public/items/a%2525', status: 200, answer: { params: { code: 'a%25' } } },
  {
    request: 'GET /api/public/items/__proto__',
    status: 200,
    answer: { params: JSON.parse('{"code":"__proto__"}') as unknown },
  },
  { request: 'GET /api/public/docs/a/b', status: 200, answer: { params: { rest: 'a/b' } } },
  refused('/api/public/items/', 404),
  refused('/api/public/items/..', 404),
  refused('/api/public/items/%2e%2e', 404),
  refused('/api/public/items/a%2fb', 400),
  refused('/api/public/items/a%5cb', 400),
  refused('/api/public/items/%ff', 400),
  refused('/api/public/items/%c0%ae%c0%ae', 400),
  refused('/api/public/items/%E0%A4%A', 400),
  refused('/api/public/items/%', 400),
  refused('/api/public/items/%zz', 400),
  refused('/api/public/docs/../../secret', 404),
  refused('/api/public/docs/%2e%2e/%2e%2e/secret', 404),
  refused('/api/public/docs/a//b', 404),
])

scenario(
  'the target of a request may be written in other ways, and none of them is a way around',
  { files, isolations: ['inline'] },
  [
    {
      name: 'the absolute form names the same path, whatever its host says',
      request: 'GET /api/public/hello',
      status: 200,
      also: async (site) => {
        const open = await site.raw(
          'GET http://elsewhere.example/api/public/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
        )
        const guarded = await site.raw(
          'GET http://elsewhere.example/api/secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
        )
        assert.match(open, /^HTTP\/1\.1 200 /)
        assert.match(guarded, /^HTTP\/1\.1 401 /)
      },
    },
    {
      name: 'what is no path at all is 400',
      request: 'GET /api/public/hello',
      status: 200,
      also: async (site) => {
        for (const target of ['api/secret', '*', 'ftp://x/api/secret', '?', '\\api\\secret', '/api/secret\0']) {
          const answer = await site.raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
          assert.match(answer, /^HTTP\/1\.1 400 /, target)
          assert.match(answer, /application\/problem\+json/, target)
          assert.doesNotMatch(answer, never)
        }
      },
    },
    {
      name: 'a target of more than 8,192 characters is 414',
      request: `GET /api/public/hello?name=${'x'.repeat(8_200)}`,
      status: 414,
      code: 'URI_TOO_LONG',
    },
  ],
)
