import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import type { Browser, Page } from 'playwright-core'
import { choose, linkPackages, openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

const run = promisify(execFile)

describe('the first ten minutes in the explorer', () => {
  let browser: Browser | undefined
  let site: TestSite | undefined
  let page: Page | undefined
  let faults: string[] = []

  before(async () => {
    browser = await launchChromium()
    site = await openExplorerSite()
    const opened = await openPage(browser, site)
    page = opened.page
    faults = opened.faults
  })
  after(async () => {
    await browser?.close()
    await site?.close()
  })
  const here = () => ({ page: must(page, 'the page is open'), site: must(site, 'the site is open') })

  test('shows endpoints of all sources, with file, rule and what is not activated', async () => {
    const { page } = here()
    const list = await page.locator('.list').innerText()
    for (const text of [
      '/api/custom',
      'api/custom.ts:1',
      'any API token or signed-in user',
      '/members/account/:code',
      '/api/objects',
      'not activated',
    ])
      assert.ok(list.includes(text), text)
  })

  test('finds an endpoint by a word of its rule or its path', async () => {
    const { page } = here()
    await page.getByLabel('Search endpoints').fill('get account owner')
    await page.getByText(/^\d+ of \d+ endpoints$/).waitFor()
    const paths = await page.locator('.row-path').allInnerTexts()
    assert.ok(paths.includes('/members/account/:code'))
    assert.ok(!paths.includes('/api/custom'))
  })

  test('says before sending that a part of the path is missing, and sends nothing', async () => {
    const { page } = here()
    await choose(page, '/members/account/:code')
    await page.getByTestId('send').click()
    await page.getByTestId('complaints').waitFor()
    assert.match(await page.getByTestId('complaints').innerText(), /path\.code\s+Must be given/)
    assert.equal(await page.getByTestId('answer').count(), 0)
  })

  test('sends without a credential, and explains the refusal with its hint', async () => {
    const { page } = here()
    await page.getByLabel('code').fill('AAA')
    await page.getByTestId('send').click()
    await page.getByTestId('answer').waitFor()
    assert.match(await page.getByTestId('answer').innerText(), /401 Unauthorized[\s\S]* ms · /)
    assert.match(
      await page.getByTestId('problem').innerText(),
      /Not signed in UNAUTHENTICATED[\s\S]*Authorization: Bearer/,
    )
    await page.getByRole('tab', { name: /Headers/ }).click()
    assert.match(await page.getByTestId('answer').innerText(), /x-request-id/)
  })

  test('tells why, part by part of the rule', async () => {
    const { page } = here()
    await page.getByRole('button', { name: 'Why?' }).click()
    await page.getByTestId('why').waitFor()
    const told = await page.getByTestId('why').innerText()
    assert.match(told, /no credential: ?401/)
    assert.match(told, /role admin[\s\S]*the owner of the member whose code is :code/)
    assert.equal(await page.locator('.why .rule .verdict[data-passed=true]').count(), 0)
  })

  test('sends as a member, who is refused, and as an administrator, who passes', async () => {
    const { page } = here()
    await sendAs(page, 'tom (member)')
    assert.match(await answerOf(page), /403 Forbidden/)
    await sendAs(page, 'ann (admin)')
    assert.match(await answerOf(page), /200 OK[\s\S]*"code": "AAA"/)
    await page.getByRole('tab', { name: 'Why' }).click()
    await page.locator('.why .rule .verdict[data-passed=true]').first().waitFor()
  })

  test('copies a curl line that gives the same answer when it is run', async () => {
    const { page } = here()
    await page.getByRole('tab', { name: 'Try it' }).click()
    const line = await copied(page, 'curl')
    assert.match(line, /^curl -i -H 'Authorization: Bearer acting_/)
    const { stdout } = await run('sh', ['-c', line])
    assert.match(stdout, /^HTTP\/1\.1 200 OK[\s\S]*\{"code":"AAA"\}/)
  })

  test('copies a call of fetch and of the typed client', async () => {
    const { page } = here()
    assert.match(
      await copied(page, 'fetch'),
      /fetch\('http:\/\/127\.0\.0\.1:\d+\/members\/account\/AAA', \{\n {2}headers/,
    )
    assert.match(
      await copied(page, 'typed client'),
      /api\.call\('GET \/members\/account\/:code', \{ params: \{"code":"AAA"\} \}\)/,
    )
  })

  test('saves the request as a test of the site, which passes when it is run', async () => {
    const { page, site } = here()
    await page.getByTestId('send').click()
    await page.getByRole('button', { name: 'Save as test' }).click()
    await page.getByLabel('What it shows').fill('An administrator reads an account')
    await page.getByRole('button', { name: 'Write the file' }).click()
    await page.getByText('Written: tests/an-administrator-reads-an-account.test.ts').waitFor()
    const file = join(site.root, 'tests/an-administrator-reads-an-account.test.ts')
    const text = readFileSync(file, 'utf8')
    assert.doesNotMatch(text, /acting_|Bearer/, 'no credential is written down')
    linkPackages(site)
    const { NODE_TEST_CONTEXT: _inner, ...env } = process.env
    const { stdout } = await run(process.execPath, ['--conditions=postern-source', '--test', file], {
      cwd: site.root,
      env,
    })
    assert.match(stdout, /pass [12]\b[\s\S]*fail 0/)
    await page.keyboard.press('Escape')
  })

  test('shows a new file without a reload', async () => {
    const { page, site } = here()
    await page.getByLabel('Search endpoints').fill('')
    site.write('api/public/fresh.ts', "export default () => 'fresh'\n")
    await page.locator('.row-path', { hasText: '/api/public/fresh' }).waitFor()
    await page.locator('.row[data-fresh]').first().waitFor()
  })

  test('shows a banner with file and line when a file is broken, goes on, and takes it away when it is mended', async () => {
    const { page, site } = here()
    site.write('api/public/fresh.ts', 'export default () => {\n  return [\n}\n')
    const banner = page.getByRole('alert').filter({ hasText: 'The site has an error' })
    await banner.waitFor()
    assert.match(await banner.innerText(), /api\/public\/fresh\.ts:3/)
    assert.equal((await site.request('GET', '/api/public/fresh')).body, 'fresh', 'the last good state serves')
    site.write('api/public/fresh.ts', "export default () => 'mended'\n")
    await banner.waitFor({ state: 'detached' })
  })

  test('keeps a history of what was sent, and restores it', async () => {
    const { page } = here()
    await choose(page, '/members/account/:code')
    await page.getByLabel('code').fill('other')
    await page.getByRole('tab', { name: /History/ }).click()
    await page.locator('.history button').first().click()
    assert.equal(await page.getByLabel('code').inputValue(), 'AAA')
  })

  test('tells why of a token that was pasted, and never shows it', async () => {
    const { page, site } = here()
    const token = await site.token()
    await page.getByTestId('credential').click()
    await page.getByLabel('API token', { exact: true }).fill(token)
    await page.getByRole('button', { name: 'Set token' }).click()
    await page.getByRole('tab', { name: 'Why' }).click()
    await page.getByText(/The caller is the API token/).waitFor()
    const told = await page.getByTestId('why').innerText()
    assert.match(told, /token: ?403/)
    assert.ok(!told.includes(token))
  })

  test('did nothing that it should not: no error, no request outside, no breach of the policy', () => {
    assert.deepEqual(faults, [])
  })
})

async function sendAs(page: Page, label: string): Promise<void> {
  await page.getByTestId('credential').click()
  await page.getByLabel('Send as', { exact: true }).selectOption({ label })
  await page.getByRole('tab', { name: 'Try it' }).click()
  const answered = page.waitForResponse((answer) => answer.url().includes('/members/account/'))
  await page.getByTestId('send').click()
  await answered
}

async function answerOf(page: Page): Promise<string> {
  await page.getByTestId('answer').waitFor()
  // A locator, for a function that waits inside the page would be compiled there, which the policy rightly refuses.
  await page.locator('[data-testid=send]:not([data-loading=true])').waitFor()
  return page.getByTestId('answer').innerText()
}

async function copied(page: Page, form: string): Promise<string> {
  await page.getByTestId('copy').click()
  await page.getByRole('menuitem', { name: form, exact: true }).click()
  await page.getByText('Copied', { exact: true }).waitFor()
  return page.evaluate<string>('navigator.clipboard.readText()')
}
