import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import { openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

const project = join(import.meta.dirname, '../..')

const files = {
  'api/public/never.ts': 'export const GET = () => new Promise(() => {})\n',
  'api/public/shaky.ts': [
    'const keys = []',
    'export const POST = ({ headers }) => {',
    "  keys.push(headers['idempotency-key'])",
    "  if (keys.length < 3) return new Response('', { status: 503 })",
    '  return { keys }',
    '}',
    '',
  ].join('\n'),
}

describe('the client in a browser', () => {
  let code = ''
  let browser: Browser | undefined
  let site: TestSite | undefined
  let page: Page | undefined

  before(async () => {
    code = await bundle()
    browser = await launchChromium()
    site = await openExplorerSite(files)
    await site.house.accounts.createUser({ name: 'eve', password: 'a long enough password', roles: ['editor'] })
    page = (await openPage(browser, site)).page
    await page.evaluate(`${code}; globalThis.postern = postern; globalThis.api = postern.createClient(location.origin)`)
  })
  after(async () => {
    await browser?.close()
    await site?.close()
  })
  const evaluate = <T>(script: string): Promise<T> => must(page, 'the page is open').evaluate<T>(script)

  test('weighs under 4 kB', () => {
    const bytes = gzipSync(code).byteLength
    assert.ok(bytes > 500 && bytes < 4_096, `${bytes} bytes`)
  })

  test('calls, and throws what was refused by its code', async () => {
    assert.deepEqual(await evaluate("api.call('GET /api/public/hello')"), { hello: 'world' })
    const code = await evaluate(
      "api.call('GET /members/account/:code', { params: { code: 'A B' } }).catch((error) => error.code)",
    )
    assert.equal(code, 'UNAUTHENTICATED')
  })

  test('signs in, is let in, is renewed when the server no longer takes its token, and signs out', async () => {
    await evaluate("api.signIn('eve', 'a long enough password')")
    const body = "{ title: 'A', status: 'on' }"
    assert.deepEqual(await evaluate(`api.call('POST /api/items', { body: ${body} })`), {
      title: 'A',
      status: 'on',
      dry: false,
    })
    await evaluate('api.signOut()')
    assert.equal(await evaluate('api.isSignedIn()'), false)
    assert.equal(
      await evaluate(`api.call('POST /api/items', { body: ${body} }).catch((error) => error.code)`),
      'UNAUTHENTICATED',
    )
  })

  test('renews a session whose access token has expired', async () => {
    await evaluate(`(async () => {
      let kept
      globalThis.later = postern.createClient(location.origin, {
        store: { get: () => kept, set: (session) => { kept = session && { ...session } } },
      })
      await later.signIn('eve', 'a long enough password')
      kept.expires = 1
      globalThis.first = kept.accessToken
    })()`)
    assert.equal(await evaluate("later.call('GET /api/auth').then(({ api }) => api)"), 'auth')
    assert.equal(await evaluate('later.isSignedIn()'), true)
  })

  test('renews one session once, for all calls that found it refused', async () => {
    const renewals = await evaluate(`(async () => {
      let kept, bodies = []
      const fetched = (url, init) => { if (init.body?.includes('refresh_token')) bodies.push(init.body); return fetch(url, init) }
      const api = postern.createClient(location.origin, { fetch: fetched, store: {
        get: () => kept, set: (next) => { kept = next },
      } })
      await api.signIn('eve', 'a long enough password')
      kept = { ...kept, accessToken: 'no_longer_good' }
      await Promise.all([1, 2, 3].map(() => api.call('GET /api/auth')))
      return bodies.length
    })()`)
    assert.equal(renewals, 1)
  })

  test('ends a call that is cancelled, with the reason that was given', async () => {
    const cancelled = `(async () => {
      const control = new AbortController()
      const call = api.call('GET /api/public/never', { signal: control.signal })
      control.abort(new Error('the page was left'))
      return call.then(() => 'answered', (error) => error.message)
    })()`
    assert.equal(await evaluate(cancelled), 'the page was left')
  })

  test('tries a write again only when asked, and then under one key', async () => {
    const once = await evaluate("api.call('POST /api/public/shaky').catch((error) => error.status)")
    assert.equal(once, 503)
    const { keys } = await evaluate<{ keys: (string | null)[] }>("api.call('POST /api/public/shaky', { retries: 2 })")
    assert.equal(keys.length, 3, 'one call that was not repeated, and two of the one that was')
    assert.match(keys[1] ?? '', /^[\da-f-]{36}$/)
    assert.equal(keys[1], keys[2])
  })

  test('tells by its code that the server could not be reached', async () => {
    const away = "postern.createClient(location.origin, { fetch: () => Promise.reject(new TypeError('no')) })"
    assert.equal(await evaluate(`${away}.call('POST /api/items').catch((error) => error.code)`), 'NETWORK')
  })

  test('walks through a list page by page', async () => {
    await evaluate("api.signIn('eve', 'a long enough password')")
    const codes = ['a', 'b', 'c', 'd', 'e']
    for (const code of codes)
      await evaluate(
        `api.call('POST /api/objects', { body: { object_type: 'member', title: '${code}', code: '${code}' } })`,
      )
    const walk = `(async () => {
      const codes = []
      const list = api.list('GET /api/objects', { query: { 'filter[object_type]': 'member', page_size: 2, sort: 'id' } })
      for await (const item of list) codes.push(item.code)
      return codes
    })()`
    assert.deepEqual(await evaluate(walk), codes)
  })
})

async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-client-'))
  try {
    const vite = join(project, 'node_modules/vite/bin/vite.js')
    const args = [
      vite,
      'build',
      '--config',
      'client.config.ts',
      '--outDir',
      folder,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ]
    await promisify(execFile)(process.execPath, args, { cwd: join(project, 'web') })
    return await readFile(join(folder, 'client.js'), 'utf8')
  } finally {
    await rm(folder, { recursive: true })
  }
}
