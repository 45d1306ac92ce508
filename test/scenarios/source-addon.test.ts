import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testRefused, type RefusedSite } from '../fixtures/refused-sites.ts'
import { siteHouse, type SiteHouse } from '../fixtures/site-house.ts'

const shop = {
  'addons/shop/index.ts': `
    import { z } from 'zod'
    import { allow, defineAddon, defineEndpoint, defineHook, defineType, field } from 'postern'
    export default defineAddon({
      name: 'shop',
      settings: z.strictObject({ greeting: z.string().default('Welcome') }),
      endpoints: ({ greeting }) => [
        defineEndpoint({ path: '/api/shop', authorize: allow.everyone, handler: () => greeting }),
        defineEndpoint({ path: '/api/shop/orders/:id', method: ['GET', 'DELETE'], authorize: allow.when('is-open'), handler: ({ params }) => params.id }),
        defineEndpoint({ path: '/api/shop/safe', handler: () => 'nobody said who may' }),
      ],
      hooks: [defineHook({ id: 'shop.stamp', on: 'files:*', after: (call, result) => { call.reply.header('x-shop', 'yes') } })],
      rules: { 'is-open': ({ caller }) => caller.kind !== 'anonymous' },
      types: [defineType({ name: 'product', fields: { price: field.integer() }, rules: { read: allow.everyone } })],
    })`,
  'addons/shop/api/public/stock.ts': `export default () => 'in stock'`,
  'addons/shop/modules/carts/api.json': `{ "Hello": { "url_segments": "carts/hello", "request_type": "GET", "authorization": "*" } }`,
  'addons/shop/modules/carts/carts.ts': `export const hello = () => 'an empty cart'`,
  'addons/shop/hooks/note.ts': `import { defineHook, PosternError } from 'postern'\nexport default [defineHook({ id: 'shop.refuse', on: ['files:GET /api/public/refused', 'objects.list'], before: () => { throw new PosternError('GONE', 'Refused by an addon.') } })]`,
  'addons/shop/rules/sunny.ts': `export default () => true`,
  'addons/shop/types/order.ts': `import { defineType } from 'postern'\nexport default defineType({ name: 'order' })`,
}
const own = {
  'api/public/plain.ts': `export default () => 'plain'`,
  'api/public/refused.get.ts': `export default () => 'never'`,
}

const statuses = async (house: SiteHouse, requests: readonly string[]): Promise<number[]> => {
  const told = []
  for (const request of requests) told.push((await house.ask(request)).status)
  return told
}

const brought = ['GET /api/shop', 'GET /api/public/stock', 'GET /carts/hello']

describe('an addon in a folder', () => {
  test('brings endpoints, hooks, rules, types and settings', async () => {
    await using house = await siteHouse({
      ...own,
      ...shop,
      'postern.config.ts': `export default { addons: { shop: { greeting: 'Hello there' } } }`,
    })
    const token = await house.token()
    assert.equal((await house.ask('GET /api/shop')).text, 'Hello there')
    assert.equal((await house.ask('GET /api/public/stock')).text, 'in stock')
    assert.equal((await house.ask('GET /carts/hello')).text, 'an empty cart')
    assert.equal((await house.ask('GET /api/shop/orders/7')).status, 401)
    assert.equal((await house.ask('GET /api/shop/orders/7', { token })).text, '7')
    assert.equal((await house.ask('DELETE /api/shop/orders/7', { token })).status, 200)
    assert.equal((await house.ask('POST /api/shop/orders/7', { token })).status, 405)
    const safe = await house.ask('GET /api/shop/safe', { token })
    assert.deepEqual([safe.status, /index\.ts/.test(safe.text)], [412, true])
    const plain = await house.ask('GET /api/public/plain')
    assert.deepEqual([plain.text, plain.headers['x-shop']], ['plain', 'yes'])
    assert.equal((await house.ask('GET /api/public/refused')).status, 410)
    assert.equal((await house.ask('GET /api/objects')).status, 410)
    const records = house.house.records().filter((record) => record.source === 'addon')
    assert.ok(records.every((record) => record.group === 'shop' && record.origin.file.startsWith('addons/shop/')))
    assert.equal(records.find((record) => record.path === '/api/shop')?.origin.line, 8)
    assert.deepEqual(
      house.house
        .room()
        .types.all.map((type) => type.name)
        .sort(),
      ['order', 'product'],
    )
  })

  test('taken out, it leaves nothing behind', async () => {
    await using house = await siteHouse(own)
    assert.deepEqual(await statuses(house, brought), [404, 404, 404])
    const plain = await house.ask('GET /api/public/plain')
    assert.deepEqual([plain.text, plain.headers['x-shop']], ['plain', undefined])
    assert.equal((await house.ask('GET /api/public/refused')).text, 'never')
    assert.equal((await house.ask('GET /api/objects')).status, 200)
    assert.deepEqual(house.house.room().types.all, [])
    assert.ok(house.house.records().every((record) => record.source !== 'addon'))
  })

  test('a site’s file on the same path is a conflict, unless it says override', async () => {
    const rival = (override: string): Record<string, string> => ({
      ...shop,
      'api/public/stock.ts': `import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ ${override} handler: () => 'sold out' })`,
    })
    await assert.rejects(
      siteHouse(rival('')),
      /\/api\/public\/stock is claimed twice: by addons\/shop\/api\/public\/stock\.ts:1 and by api\/public\/stock\.ts:2/,
    )
    await using house = await siteHouse(rival('override: true,'))
    assert.equal((await house.ask('GET /api/public/stock')).text, 'sold out')
    assert.equal((await house.ask('GET /api/shop')).text, 'Welcome')
  })

  test('two addons on one path are a conflict whatever they say', async () => {
    const other = `import { allow, defineAddon, defineEndpoint } from 'postern'\nexport default defineAddon({ name: 'other', endpoints: [defineEndpoint({ path: '/api/shop', authorize: allow.everyone, handler: () => 1 })] })`
    await assert.rejects(siteHouse({ ...shop, 'addons/other/addon.ts': other }), /GET \/api\/shop is claimed twice/)
  })
})

describe('an addon from a package', () => {
  const hello = {
    'node_modules/postern-addon-hello/package.json': `{ "name": "postern-addon-hello", "version": "1.0.0", "type": "module", "exports": { ".": { "import": "./main.js" } } }`,
    'node_modules/postern-addon-hello/main.js': `
      import { allow, defineAddon, defineEndpoint } from 'postern'
      export default defineAddon({
        name: 'hello',
        endpoints: (settings) => [defineEndpoint({ path: '/api/hello', authorize: allow.when('hello-day', () => true), handler: () => 'hello ' + settings.whom })],
      })`,
    'node_modules/postern-addon-hello/api/public/hi.js': `export default () => 'hi'`,
  }

  test('is found where the site has it installed, with its rooms', async () => {
    await using house = await siteHouse({
      ...hello,
      'postern.config.ts': `export default { addons: { 'postern-addon-hello': { whom: 'world' } } }`,
    })
    assert.equal((await house.ask('GET /api/hello')).text, 'hello world')
    assert.equal((await house.ask('GET /api/public/hi')).text, 'hi')
    const [record] = house.house.records().filter((one) => one.path === '/api/hello')
    assert.deepEqual(
      [record?.group, record?.origin],
      ['postern-addon-hello', { file: 'node_modules/postern-addon-hello/main.js', line: 5 }],
    )
  })

  test('installed but not named, it brings nothing', async () => {
    await using house = await siteHouse(hello)
    assert.deepEqual(await statuses(house, ['GET /api/hello', 'GET /api/public/hi']), [404, 404])
  })
})

describe('an addon that cannot be used stops the start, by name', () => {
  const addon = (body: string): Record<string, string> => ({
    'addons/a/index.ts': `import { allow, defineAddon, defineEndpoint } from 'postern'\nimport { z } from 'zod'\n${body}`,
  })
  const config = (text: string): Record<string, string> => ({
    'postern.config.ts': `export default { addons: ${text} }`,
  })
  const rows: readonly RefusedSite[] = [
    [
      'a package that is not installed',
      config(`{ 'postern-addon-none': {} }`),
      /neither a folder addons\/postern-addon-none nor an installed package/,
    ],
    ['a name that leads elsewhere', config(`{ '../outside': {} }`), /neither a folder/],
    ['no addon', addon(`export default { name: 'a' }`), /addons\/a\/index\.ts:3: The default export is no addon/],
    [
      'settings that do not fit',
      {
        ...addon(`export default defineAddon({ name: 'a', settings: z.strictObject({ size: z.number() }) })`),
        ...config(`{ a: { size: 'big' } }`),
      },
      /postern\.config\.ts: The settings of the addon "a" do not fit: size: /,
    ],
    [
      'settings that it does not know',
      {
        ...addon(`export default defineAddon({ name: 'a', settings: z.strictObject({}) })`),
        ...config(`{ a: { size: 3 } }`),
      },
      /"a" do not fit: .*size/,
    ],
    [
      'an endpoint without a path',
      addon(`export default defineAddon({ name: 'a', endpoints: [defineEndpoint({ handler: () => 1 })] })`),
      /addons\/a\/index\.ts:3: An endpoint of an addon needs a path/,
    ],
    [
      'a path that is none',
      addon(
        `export default defineAddon({ name: 'a', endpoints: [defineEndpoint({ path: 'api/a', handler: () => 1 })] })`,
      ),
      /A path starts with "\/"/,
    ],
    [
      'a path that leads up',
      addon(
        `export default defineAddon({ name: 'a', endpoints: [defineEndpoint({ path: '/api/../a', handler: () => 1 })] })`,
      ),
      /addons\/a\/index\.ts:3: "\.\." cannot be a part of a path/,
    ],
    [
      'a plain function for an endpoint',
      addon(`export default defineAddon({ name: 'a', endpoints: [() => 1] })`),
      /something that defineEndpoint did not make/,
    ],
    [
      'a syntax error',
      { 'addons/a/index.ts': 'export default {' },
      /: addons\/a\/index\.ts:1: .*\n> 1 \| export default \{/m,
    ],
    [
      'a syntax error in one of its rooms',
      { ...addon(`export default defineAddon({ name: 'a' })`), 'addons/a/api/b.ts': 'export default (' },
      /: addons\/a\/api\/b\.ts:1: .*\n> 1 \| export default \(/m,
    ],
    [
      'a syntax error in what it takes from the site',
      { 'addons/a/index.ts': "import '../../lib/b.ts'\nexport default {}", 'lib/b.ts': 'const (' },
      /: lib\/b\.ts:1(?::\d+)?: .*\n> 1 \| const \(/m,
    ],
    [
      'a package that cannot be loaded',
      {
        'postern.config.ts': 'export default { addons: { a: {} } }',
        'node_modules/a/index.js': "throw new Error('no stock')",
        'node_modules/a/package.json': '{ "type": "module" }',
      },
      /: node_modules\/a\/index\.js: node_modules\/a\/index\.js cannot be loaded: no stock\./m,
    ],
    [
      'a package in TypeScript',
      {
        'postern.config.ts': 'export default { addons: { a: {} } }',
        'node_modules/a/index.ts': 'export default 1',
        'node_modules/a/package.json': '{ "type": "module", "main": "index.ts" }',
      },
      /: node_modules\/a\/index\.ts: node_modules\/a\/index\.ts cannot be loaded: Stripping types/,
    ],
    [
      'a throw',
      addon(`export default defineAddon({ name: 'a', endpoints: () => { throw new Error('no stock') } })`),
      /addons\/a\/index\.ts.*no stock/,
    ],
    [
      'an option that is none',
      addon(`export default defineAddon({ name: 'a', endpoint: [] })`),
      /does not know "endpoint"/,
    ],
    [
      'a broken room',
      { ...addon(`export default defineAddon({ name: 'a' })`), 'addons/a/api/b.ts': 'export const b = 1' },
      /addons\/a\/api\/b\.ts:1: "b" is no endpoint/,
    ],
  ]
  testRefused(rows)
})
