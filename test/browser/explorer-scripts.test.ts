/** Every text that somebody could have written holds a script; none of them may run, nor try to, on any page. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import { openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

/** One of each way that has worked somewhere; each would say so in a dialog. */
const scripts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "'><svg/onload=alert(3)>",
  '</textarea><iframe srcdoc="<script>parent.alert(4)</script>">',
  '</title></style><body onload=alert(5)>',
  '<a href="javascript:alert(6)">x</a>',
  '[x](javascript:alert(7))',
  '{{constructor.constructor("alert(8)")()}}${alert(9)}',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(10)>',
  '<details open ontoggle=alert(11)>&lt;img src=x onerror=alert(12)&gt;',
]
const all = scripts.join(' ')
const text = JSON.stringify(all)

const files = {
  'api/public/texts.ts': `import { allow, defineEndpoint } from 'postern'
import { z } from 'zod'
const all = ${text}
export const GET = defineEndpoint({
  description: all,
  query: z.object({ word: z.string().default(all).describe(all) }),
  handler: ({ reply, query }) => {
    reply.header('x-said', encodeURIComponent(all))
    return { [all]: all, list: [all], word: query.word }
  },
})
export const POST = defineEndpoint({
  description: all,
  authorize: allow.role(all),
  body: z.strictObject({ [all]: z.string().describe(all), kind: z.enum([all, 'b']) }),
  handler: () => all,
})`,
  'api/public/page.ts': `export default () => new Response(${text}, { headers: { 'content-type': 'text/html' } })`,
  'api/public/picture.ts': `export default () => new Response('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(20)"><script>alert(21)</script></svg>', { headers: { 'content-type': 'image/svg+xml' } })`,
  'api/public/throws.ts': `import { PosternError } from 'postern'
export default () => { throw new PosternError('CONFLICT', ${text}, { hint: ${text}, errors: [{ path: ${text}, message: ${text} }] }) }`,
  'types/member.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'member', plural: 'members', fields: { code: field.text({ required: true, index: true }) }, rules: { read: allow.everyone } })`,
  'modules/members/api.json': JSON.stringify({
    [all]: { url_segments: 'members/hello', request_type: 'GET', description: all, authorization: { roles: [all] } },
    [`${all} 2`]: {
      url_segments: 'members/account/{code}',
      request_type: 'POST',
      description: all,
      required_fields: [{ name: 'code', label: all }],
      authorization: '*',
    },
  }),
}

/** One endpoint after the other: its list entry, its form, its answer as each view shows it, why, and what is said of it. */
describe('V84 stored scripts', () => {
  let browser: Browser | undefined
  let site: TestSite | undefined
  before(async () => {
    browser = await launchChromium()
    site = await openExplorerSite(files)
    const { accounts, store } = site.house
    await store.write.run({
      update: 'account_users',
      set: { name: all.slice(0, 200) },
      where: { column: 'name', is: 'eq', value: 'tom' },
    })
    await accounts.createToken({ name: all.slice(0, 100) })
  })
  after(async () => {
    await browser?.close()
    await site?.close()
  })

  test('none runs on any view of the explorer', { timeout: 110_000 }, async () => {
    const served = must(site, 'the site is open')
    const { page, faults } = await openPage(must(browser, 'the browser is there'), served)
    const dialogs = watchDialogs(page)
    const rows = page.locator('.row a')
    const count = await rows.count()
    let seen = ''
    for (let index = 0; index < count; index++) {
      const path = await rows.nth(index).innerText()
      if (!/texts|page|picture|throws|members/.test(path)) continue
      await rows.nth(index).click()
      await page.locator('.heading').waitFor()
      seen += await visit(page)
      const back = page.getByRole('button', { name: 'All endpoints' })
      if (await back.isVisible()) await back.click()
    }
    assert.ok(seen.includes('alert(1)') && seen.includes('onerror=alert(2)'), 'the texts are there, as texts')
    assert.deepEqual(dialogs, [])
    assert.deepEqual(faults, [])
    await page.context().close()
  })

  test('none runs on the pages that the server writes itself', async () => {
    const served = must(site, 'the site is open')
    const page = await (await must(browser, 'the browser is there').newContext()).newPage()
    const dialogs = watchDialogs(page)
    const word = encodeURIComponent(all)
    for (const path of [
      `/api/auth/verify?link=${word}`,
      `/api/auth/reset?link=${word}`,
      `/api/public/texts?word=${word}`,
      `/api/public/throws`,
      `/api/nowhere/${word.slice(0, 300)}`,
      `/explorer#/${word}`,
      `/explorer?q=${word}`,
    ]) {
      await page.goto(`${served.url}${path}`)
      await page.waitForLoadState('load')
    }
    assert.deepEqual(dialogs, [])
    await page.context().close()
  })

  test('the test would see one that runs', async () => {
    const page = await (await must(browser, 'the browser is there').newContext()).newPage()
    const dialogs = watchDialogs(page)
    await page.goto(`data:text/html,${encodeURIComponent(all)}`)
    await page.waitForLoadState('load')
    assert.ok(dialogs.includes('1') && dialogs.includes('2'), dialogs.join())
    await page.context().close()
  })
})

function watchDialogs(page: Page): string[] {
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return dialogs
}

/** All that is to be seen of the endpoint that is open. */
async function visit(page: Page): Promise<string> {
  const tried = page.getByTestId('send')
  if (await tried.isVisible()) {
    await tried.click()
    await page.getByTestId('answer').or(page.getByTestId('complaints')).first().waitFor()
  }
  let seen = await page.innerText('body')
  const why = page.getByRole('button', { name: 'Why?' })
  if (await why.isVisible()) {
    await why.click()
    await page.locator('[data-testid=why] li').first().waitFor()
    seen += await page.innerText('body')
  }
  const tabs = page.getByRole('tab')
  for (let index = 0; index < (await tabs.count()); index++) {
    await tabs.nth(index).click()
    seen += await page.innerText('body')
  }
  return seen
}
