import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { siteHouse } from '../fixtures/site-house.ts'

const site = {
  'postern.config.ts': 'export default { api: { protected: false } }',
  'api/public/one.ts': `export default ({ reply }) => ({ from: 'one' })`,
  'api/public/two.get.ts': `export default () => ({ from: 'two' })`,
  'api/controller.ts': `
    import { ApiController } from 'postern'
    export default class extends ApiController { endPoints = ['friends']; friends() { return ['Tom'] } }`,
  'modules/pets/api.json': `{ "Hello": { "url_segments": "pets/hello", "request_type": "GET", "authorization": "*" } }`,
  'modules/pets/pets.ts': `export const hello = () => ({ from: 'pets' })`,
}
const hook = (options: string): string =>
  `import { defineHook, PosternError } from 'postern'\nexport default defineHook(${options})`

describe('hooks of a site', () => {
  test('run after endpoints of every source, in order, and give the new result', async () => {
    await using house = await siteHouse({
      ...site,
      'hooks/late.ts': hook(
        `{ id: 'late', on: '*', order: 5, after: (call, result) => (result.from ? { ...result, seen: [...(result.seen ?? []), 'late'] } : undefined) }`,
      ),
      'hooks/early.ts': hook(
        `{ id: 'early', on: ['files:*', 'manifest:*'], order: -1, after: (call, result) => ({ ...result, seen: ['early'] }) }`,
      ),
      'hooks/nothing.ts': hook(`{ id: 'nothing', on: '*', order: 9, after: () => undefined }`),
    })
    const both = { seen: ['early', 'late'] }
    assert.deepEqual((await house.ask('GET /api/public/one')).json, { from: 'one', ...both })
    assert.deepEqual((await house.ask('GET /api/public/two')).json, { from: 'two', ...both })
    assert.deepEqual((await house.ask('GET /pets/hello')).json, { from: 'pets', ...both })
    assert.match((await house.ask('GET /api/friends')).text, /"data":\["Tom"\]/)
  })

  test('refuse before the handler runs, by throwing', async () => {
    await using house = await siteHouse({
      ...site,
      'api/public/counted.ts': `let count = 0\nexport default () => ++count`,
      'hooks/refuse.ts': hook(
        `{ id: 'refuse', on: 'files:*counted', before: ({ param }) => { if (param('stop')) throw new PosternError('CONFLICT', 'Not now.') } }`,
      ),
    })
    assert.equal((await house.ask('GET /api/public/counted')).text, '1')
    const refused = await house.ask('GET /api/public/counted?stop=1')
    assert.deepEqual([refused.status, (refused.json as { detail: string }).detail], [409, 'Not now.'])
    assert.equal((await house.ask('GET /api/public/counted')).text, '2', 'the handler did not run while it was refused')
    assert.equal((await house.ask('GET /api/public/one?stop=1')).status, 200)
  })

  test('of one id, the last one read counts', async () => {
    const said = (word: string): string => hook(`{ id: 'same', on: 'files:*', after: () => '${word}' }`)
    await using house = await siteHouse({ ...site, 'hooks/a.ts': said('a'), 'hooks/b.ts': said('b') })
    assert.equal((await house.ask('GET /api/public/one')).text, 'b')
  })

  test('never run for who may not call', async () => {
    await using house = await siteHouse({
      ...site,
      'api/closed.ts': `export default () => 'closed'`,
      'hooks/count.ts': `import { defineHook } from 'postern'\nlet count = 0\nexport default [defineHook({ id: 'count', on: 'files:/api/closed', before: () => { count++ } }), defineHook({ id: 'tell', on: 'files:/api/public/one', after: () => count })]`,
    })
    assert.equal((await house.ask('GET /api/closed')).status, 401)
    assert.equal((await house.ask('GET /api/public/one')).text, '0')
    assert.equal((await house.ask('GET /api/closed', { token: await house.token() })).status, 200)
    assert.equal((await house.ask('GET /api/public/one')).text, '1')
  })

  const broken: readonly [name: string, text: string, said: RegExp][] = [
    ['no hook', 'export default { on: "*" }', /hooks\/a\.ts:1: The default export is neither a hook nor a list/],
    ['an empty list', 'export default []', /neither a hook nor a list/],
    ['nothing to do', hook(`{ id: 'a', on: '*' }`), /hooks\/a\.ts.*needs `before` or `after`/],
    ['nothing to be on', hook(`{ id: 'a', on: [], before() {} }`), /needs an id and what it is on/],
    ['an option that is none', hook(`{ id: 'a', on: '*', befor() {} }`), /does not know "befor"/],
    ['a syntax error', 'export default {', /hooks\/a\.ts:1/],
  ]
  for (const [name, text, said] of broken) {
    test(`${name} stops the start`, async () => {
      await assert.rejects(siteHouse({ ...site, 'hooks/a.ts': text }), said)
    })
  }
})

describe('one path has one spelling, and its guard belongs to the endpoint', () => {
  const guarded = [
    '/api/closed',
    '/api/items/AAA',
    '/api/friends',
    '/api/friends/Tom',
    '/pets/guarded',
    '/pets/guarded/AAA',
    '/api/greeting',
  ]
  const spellings: readonly ((path: string) => string)[] = [
    (path) => `/${path}`,
    (path) => path.replace(/\/([^/]+)$/, '//$1'),
    (path) => path.replace(/\/([^/]+)$/, '/./$1'),
    (path) => path.replace(/\/([^/]+)$/, '/x/../$1'),
    (path) => path.replace(/\/([^/]+)$/, '/%2e/$1'),
    (path) => path.replace(/\/([^/]+)$/, '/x/%2e%2e/$1'),
    (path) => path.replace(/\/([^/]+)$/, '%2f$1'),
    (path) => path.replace(/\/([^/]+)$/, String.raw`\$1`),
    (path) => path.replace(/\/([^/]+)$/, '%5c$1'),
    (path) => path.replace(/[a-z](?=[^a-z]*$)/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (path) => path.toUpperCase(),
    (path) => `${path}/`,
    (path) => `${path}.`,
    (path) => `${path};x`,
    (path) => `${path}%00`,
    (path) => `${path}%20`,
    (path) => `${path}/..`,
    (path) => `/public/..${path}`,
    (path) => `/api/public/..${path}`,
    (path) => `${path}?token=`,
    (path) => path,
  ]

  test('no spelling of a guarded path answers to nobody', async () => {
    await using house = await siteHouse({
      ...site,
      'postern.config.ts': 'export default { api: { protected: true } }',
      'api/closed.ts': `export default () => 'secret'`,
      'api/items/[code].ts': `export default () => 'secret'`,
      'api/controller.ts': `
        import { ApiController } from 'postern'
        export default class extends ApiController { endPoints = ['friends']; friends(name) { return 'secret' } }`,
      'modules/pets/api.json': `{ "Guarded": { "url_segments": "pets/guarded", "request_type": "GET", "authorization": { "roles": ["admin"] } } }`,
      'modules/pets/pets.ts': `export const guarded = () => 'secret'`,
      'addons/greeting/index.ts': `import { allow, defineAddon, defineEndpoint } from 'postern'\nexport default defineAddon({ name: 'greeting', endpoints: [defineEndpoint({ path: '/api/greeting', authorize: allow.user, handler: () => 'secret' })] })`,
    })
    const { token } = await house.person('root', ['admin'])
    for (const path of guarded) {
      assert.match((await house.ask(`GET ${path}`, { token })).text, /secret/, `${path} is there for the admin`)
      for (const [index, spell] of spellings.entries()) {
        for (const method of ['GET', 'HEAD', 'POST']) {
          const told = await house.ask(`${method} ${spell(path)}`)
          assert.ok(
            [400, 401, 404, 405].includes(told.status),
            `${method} ${spell(path)} (spelling ${index}) → ${told.status}`,
          )
          assert.doesNotMatch(told.text, /secret/)
        }
      }
    }
  })
})
