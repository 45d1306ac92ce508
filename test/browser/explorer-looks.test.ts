import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import { choose, openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

const project = join(import.meta.dirname, '../..')
/** Pictures are kept where `SCREENSHOTS` says, for people to look at. */
const pictures = process.env['SCREENSHOTS']

describe('how the explorer looks', () => {
  let browser: Browser | undefined
  let site: TestSite | undefined

  before(async () => {
    browser = await launchChromium()
    site = await openExplorerSite()
  })
  after(async () => {
    await browser?.close()
    await site?.close()
  })
  const open = (options: { width?: number; dark?: boolean } = {}) =>
    openPage(must(browser, 'the browser is there'), must(site, 'the site is open'), options)

  for (const dark of [false, true])
    test(`fits 1440 and 360 px in ${dark ? 'dark' : 'light'}, and axe finds nothing serious on any view`, async () => {
      const { page, faults } = await open({ dark })
      for (const [name, view] of Object.entries(views)) {
        await view(page)
        for (const width of [360, 1440]) {
          await page.setViewportSize({ width, height: 900 })
          await page.evaluate(settled)
          assert.ok(await fits(page), `${name} is wider than ${width} px`)
          assert.deepEqual(await seriousFindings(page), [], `${name} at ${width} px`)
          if (pictures !== undefined) await picture(page, `${name}-${width}-${dark ? 'dark' : 'light'}`)
        }
      }
      assert.deepEqual(faults, [])
      await page.context().close()
    })

  test('leads from the list to an endpoint and back where there is room for one of them', async () => {
    const { page } = await open({ width: 360 })
    await choose(page, '/api/public/hello')
    assert.ok(!(await page.locator('.list').isVisible()))
    await page.getByTestId('send').click()
    await page.getByText('200 OK').waitFor()
    await page.getByRole('button', { name: 'All endpoints' }).click()
    await page.locator('.list').waitFor()
    assert.ok(!(await page.locator('.detail').isVisible()))
    await page.context().close()
  })

  test('can be used by keyboard alone', async () => {
    const { page } = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('public/hello')
    await page.getByText(/^\d+ of \d+ endpoints$/).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('.heading', { hasText: '/api/public/hello' }).waitFor()
    await page.getByRole('tab', { name: 'Try it' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('answer').waitFor()
    assert.match(await page.getByTestId('answer').innerText(), /200 OK/)
    await page.context().close()
  })

  test('lists and filters 500 endpoints without a long pause', async (t) => {
    await using large = await openExplorerSite(many(500))
    const { page } = await openPage(must(browser, 'the browser is there'), large)
    assert.match(await page.locator('.count').innerText(), /^5\d\d endpoints$/)
    await page.evaluate(watchTasks)
    const search = page.getByLabel('Search endpoints')
    for (const letter of 'many e41') await search.pressSequentially(letter, { delay: 30 })
    await page.getByText(/^11 of 5\d\d endpoints$/).waitFor()
    await search.fill('')
    await page.locator('.count', { hasText: /^5\d\d endpoints$/ }).waitFor()
    await page.getByLabel('Group by').selectOption('module')
    await page.locator('.group h2', { hasText: 'members' }).waitFor()
    await page.getByRole('button', { name: 'Use dark colours' }).click()
    await page.evaluate(settled)
    const longest = await page.evaluate<number>('Math.max(...longTasks)')
    // The browser tells of tasks from 50 ms on; one of 120 ms shows that it would.
    await page.evaluate('setTimeout(() => { const end = performance.now() + 120; while (performance.now() < end); })')
    await page.evaluate('seenLong(100)')
    t.diagnostic(`the longest task while 500 endpoints were filtered and grouped took ${longest || 'less than 50'} ms`)
    assert.ok(longest < 400, `a task of ${longest} ms`)
    await page.context().close()
  })
})

describe('what the explorer weighs', () => {
  test('no more than 250 kB over the wire', () => {
    const folder = join(project, 'web/dist/assets')
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
    assert.ok(files.length > 0, 'nothing was built')
    const bytes = files.reduce((sum, file) => sum + gzipSync(file).byteLength, 0)
    assert.ok(bytes <= 250_000, `${bytes} bytes`)
  })
})

const views: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  list: async () => undefined,
  try: async (page) => {
    await choose(page, '/members/account/:code')
    await page.getByLabel('code').fill('AAA')
    await page.getByTestId('send').click()
    await page.getByTestId('answer').waitFor()
  },
  why: async (page) => {
    await page.getByRole('button', { name: 'Why?' }).click()
    await page.locator('[data-testid=why] li').first().waitFor()
  },
  about: async (page) => {
    await page.getByRole('tab', { name: 'About' }).click()
    await page.getByText('Endpoint settings').click()
  },
  body: async (page) => {
    await choose(page, '/api/items')
    await page.getByTestId('send').click()
    await page.getByTestId('complaints').waitFor()
  },
  credential: async (page) => {
    await page.getByTestId('credential').click()
    await page.getByLabel('API token').waitFor()
  },
}

/** Five hundred endpoints of files, in twenty folders. */
function many(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `api/many/${index % 20}/e${index}.ts`)
  return Object.fromEntries(names.map((name) => [name, 'export const GET = () => true\n']))
}

async function fits(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')
}

async function seriousFindings(page: Page): Promise<readonly string[]> {
  const source = readFileSync(createRequire(join(project, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8')
  // Through the debugger, as the policy of the page lets no script in.
  await page.evaluate(source)
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
    "axe.run({ resultTypes: ['violations'] })",
  )
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(must(pictures, 'asked for'), { recursive: true })
  await page.screenshot({ path: join(must(pictures, 'asked for'), `${name}.png`) })
}

/** What moves has come to rest. */
const settled = 'Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => true)'

/** From here on, the page remembers how long each task kept it from answering; `seenLong` waits for one. */
const watchTasks = `
  globalThis.longTasks = [0]
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })
  globalThis.seenLong = (ms) => new Promise((resolve) => {
    const look = () => (longTasks.some((task) => task >= ms) ? resolve(true) : setTimeout(look, 20))
    look()
  })
`
