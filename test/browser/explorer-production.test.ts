import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import { choose, openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

const password = 'a long enough password'

describe('the explorer in production', () => {
  let browser: Browser | undefined
  let site: TestSite | undefined
  let page: Page | undefined
  let faults: string[] = []

  before(async () => {
    browser = await launchChromium()
    site = await openExplorerSite({}, { mode: 'start' })
    await site.house.accounts.createUser({ name: 'root', password, roles: ['admin'] })
    await site.house.accounts.createUser({ name: 'eve', password, roles: ['member'] })
    const opened = await openPage(browser, site, { until: '.sign-in' })
    page = opened.page
    faults = opened.faults
  })
  after(async () => {
    await browser?.close()
    await site?.close()
  })
  const here = () => must(page, 'the page is open')

  test('shows nobody anything before signing in', async () => {
    assert.doesNotMatch(await here().innerText('body'), /\/api/)
    assert.equal(await here().locator('.row').count(), 0)
  })

  test('says that name and password do not belong together', async () => {
    await signIn(here(), 'root', 'a wrong password')
    await here().getByRole('alert').waitFor()
  })

  test('shows nothing to who is no administrator', async () => {
    await signIn(here(), 'eve', password)
    await here().getByText('This account is not an administrator.').waitFor()
    assert.equal(await here().locator('.row').count(), 0)
  })

  test('shows an administrator what they may call, without files, and without sending as others', async () => {
    await signIn(here(), 'root', password)
    await here().locator('.row').first().waitFor()
    const text = await here().innerText('body')
    assert.match(text, /\/members\/account\/:code/)
    assert.doesNotMatch(text, /custom\.ts|not activated/)
    await here().getByTestId('credential').click()
    await here().getByLabel('API token').waitFor()
    assert.equal(await here().getByLabel('Send as', { exact: true }).count(), 0)
    await here().getByRole('button', { name: 'Send my session' }).click()
  })

  test('sends with the session of whoever signed in', async () => {
    await choose(here(), '/members/account/:code')
    await here().getByLabel('code').fill('AAA')
    await here().getByTestId('send').click()
    await here().getByTestId('answer').waitFor()
    assert.match(await here().getByTestId('answer').innerText(), /200 OK/)
    assert.equal(await here().getByRole('button', { name: 'Save as test' }).count(), 0)
  })

  test('did nothing that it should not', () => assert.deepEqual(faults, []))
})

async function signIn(page: Page, name: string, secret: string): Promise<void> {
  await page.getByLabel('Name or e-mail').fill(name)
  await page.getByLabel(/^Password/).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
