/** A changed site takes the place of the one that serves: nobody waits for it, no request is dropped, and a broken one never serves. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'

const hello = (word: string) => `import { word } from '../../lib/words.ts'
export default () => ({ hello: '${word}', word })\n`

const files = {
  'api/public/hello.ts': hello('one'),
  'lib/words.ts': "export const word: string = 'first'\n",
  'api/public/slow.ts': `export default async () => {
  await new Promise((resolve) => setTimeout(resolve, 300))
  return 'slow but sure'
}\n`,
}

const settings = { accounts: { limits: { requests: 0, requestsPerAddress: 0 } } }
const open = (isolation: 'thread' | 'inline') => openTestSite({ files, settings, isolation, mode: 'dev' })

async function change(site: TestSite, path: string, text: string): Promise<void> {
  const changed = site.changed()
  site.write(path, text)
  await changed
}

for (const isolation of ['thread', 'inline'] as const) {
  describe(`hot swap (${isolation})`, () => {
    test('a saved endpoint, what it imports, a new file, a config and a removed file are live without a restart', async () => {
      await using site = await open(isolation)
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'one', word: 'first' })
      await change(site, 'api/public/hello.ts', hello('two'))
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'two', word: 'first' })
      await change(site, 'lib/words.ts', "export const word = 'second'\n")
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'two', word: 'second' })
      assert.equal((await site.request('GET', '/api/public/new')).status, 404)
      await change(site, 'api/public/new.ts', "export default () => 'new'\n")
      assert.equal((await site.request('GET', '/api/public/new')).text, 'new')
      await change(site, 'postern.config.ts', "export default { api: { base: '/v2' } }\n")
      assert.equal((await site.request('GET', '/v2/public/new')).text, 'new')
      const erased = site.changed()
      site.erase('api/public/new.ts')
      await erased
      assert.equal((await site.request('GET', '/v2/public/new')).status, 404)
    })

    test('what a change leaves unfinished is said once, and how many endpoints there are as at the start', async () => {
      await using site = await open(isolation)
      const path = 'modules/notes/api.json'
      const entry = (name: string) =>
        `"${name}": { "url_segments": "notes/${name}", "request_type": "GET", "authorization": "*" }`
      for (const entries of [['one'], ['one'], ['one', 'two'], [], ['one'], ['one']])
        await change(site, path, `{ ${entries.map(entry).join(', ')} }\n`)
      const warned = site.observed.flatMap((seen) =>
        seen.kind === 'site.warned' ? [seen.problems.map(({ message }) => message)] : [],
      )
      assert.match(warned.join('|'), /^[^|]*"one"[^|]*\|[^|]*"two"[^|]*\|[^|]*"one"[^|]*$/)
      const counts = site.observed.flatMap((seen) =>
        seen.kind === 'site.opened' || seen.kind === 'site.swapped' ? [seen.endpoints] : [],
      )
      const [first = 0] = counts
      assert.deepEqual(
        counts.slice(0, 6).map((count) => count - first),
        [0, 2, 2, 4, 0, 2],
      )
    })

    test('a broken file is told with file, line and frame, and the last good state answers until it is mended', async () => {
      await using site = await open(isolation)
      await change(site, 'api/public/hello.ts', 'export default () => {\n  return ((\n}\n')
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'one', word: 'first' })
      const [problem] = site.house.problems()
      assert.equal(problem?.fatal, true)
      assert.equal(problem.at.file, 'api/public/hello.ts')
      assert.ok((problem.at.line ?? 0) >= 2)
      assert.match(problem.frame ?? '', /return \(\(/)
      await change(site, 'lib/words.ts', "export const wort = 'renamed'\n")
      await change(site, 'api/public/hello.ts', hello('three'))
      const [linking] = site.house.problems()
      assert.deepEqual(linking?.at, { file: 'api/public/hello.ts', line: 1, column: 10 })
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'one', word: 'first' })
      await change(site, 'lib/words.ts', "export const word = 'mended'\n")
      assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'three', word: 'mended' })
      assert.deepEqual(
        site.house.problems().filter(({ fatal }) => fatal),
        [],
      )
    })

    test('a call under way is finished by the state that began it', async () => {
      await using site = await open(isolation)
      const slow = site.request('POST', '/api/public/slow')
      await new Promise((resolve) => {
        setTimeout(resolve, 30)
      })
      await change(site, 'api/public/slow.ts', "export default () => 'quick'\n")
      assert.equal((await site.request('POST', '/api/public/slow')).text, 'quick')
      assert.equal((await slow).text, 'slow but sure')
    })

    test('a package that is an addon is live when it is saved, and what it installs for itself is not looked at', async () => {
      const shop = (word: string) => `import { allow, defineAddon, defineEndpoint } from 'postern'
import { price } from './lib/price.js'
export default defineAddon({
  name: 'shop',
  endpoints: [defineEndpoint({ path: '/api/shop', authorize: allow.everyone, handler: () => '${word} ' + price })],
})\n`
      const inPackage = {
        'node_modules/shop/package.json': '{ "name": "shop", "type": "module", "main": "main.js" }',
        'node_modules/shop/main.js': shop('one'),
        'node_modules/shop/lib/price.js': 'export const price = 1\n',
        'node_modules/shop/node_modules/own/index.js': 'export {}\n',
        'node_modules/unused/index.js': 'export {}\n',
        'postern.config.ts': 'export default { addons: { shop: {} } }\n',
      }
      await using site = await openTestSite({ files: { ...files, ...inPackage }, settings, isolation, mode: 'dev' })
      assert.equal((await site.request('GET', '/api/shop')).text, 'one 1')
      await change(site, 'node_modules/shop/main.js', shop('two'))
      assert.equal((await site.request('GET', '/api/shop')).text, 'two 1')
      site.write('node_modules/shop/node_modules/own/index.js', 'export default 1\n')
      site.write('node_modules/unused/index.js', 'export default 1\n')
      await change(site, 'node_modules/shop/lib/price.js', 'export const price = 2\n')
      assert.equal((await site.request('GET', '/api/shop')).text, 'two 2')
      const swaps = site.observed.flatMap((seen) => (seen.kind === 'site.swapped' ? [seen.changed] : []))
      assert.deepEqual(swaps, [['node_modules/shop/main.js'], ['node_modules/shop/lib/price.js']])
    })
  })
}

describe('hot swap under load', () => {
  test('a hundred flips between good and broken: no failed request', async () => {
    await using site = await open('thread')
    const statuses = new Map<number, number>()
    let flipping = true
    const load = Array.from({ length: 4 }, async () => {
      while (flipping) {
        const { status } = await site.request('GET', '/api/public/hello')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        await new Promise((resolve) => {
          setTimeout(resolve, 4)
        })
      }
    })
    for (let round = 0; round < 100; round++) {
      const good = round % 2 === 1
      site.write('api/public/hello.ts', good ? hello(`round ${round}`) : 'export default () => ((\n')
      await until(async () => {
        if (!good) return site.house.problems().some(({ fatal }) => fatal)
        return (await site.request('GET', '/api/public/hello')).text.includes(`"round ${round}"`)
      })
    }
    flipping = false
    await Promise.all(load)
    assert.deepEqual([...statuses.keys()], [200])
    assert.ok((statuses.get(200) ?? 0) > 100)
    assert.deepEqual((await site.request('GET', '/api/public/hello')).body, { hello: 'round 99', word: 'first' })
    assert.ok(site.observed.filter(({ kind }) => kind === 'site.swapped').length >= 50)
    assert.ok(site.observed.filter(({ kind }) => kind === 'site.broken').length >= 50)
    assert.equal(site.observed.filter(({ kind }) => kind === 'thread.lost').length, 0)
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await holds())) {
    assert.ok(performance.now() < end, 'waited in vain')
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}
