/** What the explorer does with answers that are no small piece of JSON, and with what it hands on: copies, files, the editor. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { must } from '../../src/errors/must.ts'
import type { TestSite } from '../../src/testing/test-site.ts'
import { choose, linkPackages, openExplorerSite, openPage } from './explorer-site.ts'
import { launchChromium } from './find-chromium.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'postern-editor-'))
const written = join(folder, 'written')

/** A red dot, 1 × 1. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

const files = {
  'api/public/picture.ts': `export const GET = () => new Response(Buffer.from('${picture}', 'base64'), { headers: { 'content-type': 'image/png' } })\n`,
  'api/public/bytes.ts':
    "export const GET = () => new Response(new Uint8Array([0, 255, 254]), { headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename=\"three.bin\"' } })\n",
  'api/public/endless.ts': [
    'export const GET = ({ signal }) => new Response(new ReadableStream({ start: (to) => {',
    '  let line = 0',
    '  const timer = setInterval(() => to.enqueue(new TextEncoder().encode(`line ${++line}\\n`)), 50)',
    "  signal.addEventListener('abort', () => clearInterval(timer))",
    "} }), { headers: { 'content-type': 'text/plain; charset=utf-8' } })",
    '',
  ].join('\n'),
  'api/public/long.ts':
    'export const GET = () => ({ items: Array.from({ length: 9000 }, (_, id) => ({ id, title: `Item ${id} of many` })) })\n',
  'api/public/echo/[name].ts': [
    "import { defineEndpoint } from 'postern'",
    "import { z } from 'zod'",
    'export const POST = defineEndpoint({',
    '  params: z.object({ name: z.string() }), query: z.object({ q: z.string() }), body: z.object({ text: z.string() }),',
    '  handler: ({ params, query, body }) => ({ ...params, ...query, ...body }),',
    '})',
    '',
  ].join('\n'),
}

describe('what the explorer does with any answer', () => {
  let browser: Browser | undefined
  let opened: TestSite | undefined
  let shown: Page | undefined
  let faults: string[] = []
  const page = (): Page => must(shown, 'the page is open')
  const site = (): TestSite => must(opened, 'the site is open')

  before(async () => {
    const editor = join(folder, 'code')
    writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n' "$@" > '${written}.part' && mv '${written}.part' '${written}'\n`)
    chmodSync(editor, 0o755)
    browser = await launchChromium()
    opened = await openExplorerSite(files, { env: { EDITOR: `${editor} --reuse-window` } })
    const watched = await openPage(browser, opened)
    shown = watched.page
    faults = watched.faults
  })
  after(async () => {
    await browser?.close()
    await opened?.close()
    rmSync(folder, { recursive: true })
  })

  async function sent(path: string): Promise<string> {
    await choose(page(), path)
    await page().getByTestId('send').click()
    await page().getByTestId('answer').waitFor()
    return page().getByTestId('answer').innerText()
  }

  test('shows a picture as a picture', async () => {
    assert.match(await sent('/api/public/picture'), /\d\d bytes of image\/png/)
    const width = await page()
      .getByAltText('The answer')
      .evaluate((image) => (image as { naturalWidth?: number }).naturalWidth)
    assert.equal(width, 1)
  })

  test('says of other bytes what they are, and saves them as they came', async () => {
    const text = await sent('/api/public/bytes')
    assert.match(text, /3 bytes of application\/octet-stream, which are no text/)
    assert.doesNotMatch(text, /Copy body|\uFFFD/)
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      page().getByRole('button', { name: 'Save body' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'three.bin')
    assert.deepEqual([...readFileSync(await download.path())], [0, 255, 254])
  })

  test('shows a stream as it comes, and ends it when it is told to', async () => {
    await sent('/api/public/endless')
    await page()
      .getByText(/line 1\nline 2/)
      .waitFor()
    await page().getByText('so far').waitFor()
    await page().getByRole('button', { name: 'Stop' }).click()
    await page().getByText('then stopped').waitFor()
    assert.equal(await page().getByRole('button', { name: 'Save as test' }).count(), 0, 'half an answer is no test')
  })

  test('shows the beginning of what is long, and says so', async () => {
    assert.match(await sent('/api/public/long'), /The first 200,000 characters of \d{3},\d{3}/)
    assert.ok((await page().locator('.answer pre').innerText()).length <= 200_000)
  })

  test('copies what can be pasted and run, whatever was typed', async () => {
    const typed = {
      name: `it's "$HOME" & ; # ? é`,
      q: "a&b=c+d 'e' [f]%",
      text: 'O\'Brien said "hi"\n\\ $(id) ✓',
    }
    await choose(page(), '/api/public/echo/:name')
    await page()
      .getByRole('textbox', { name: /^name\b/ })
      .fill(typed.name)
    await page().getByRole('textbox', { name: /^q\b/ }).fill(typed.q)
    await page().getByText('Text', { exact: true }).click()
    await page()
      .getByRole('textbox', { name: 'Body' })
      .fill(JSON.stringify({ text: typed.text }, null, 2))
    const curl = await run('sh', ['-c', await copied(page(), 'curl')])
    assert.match(curl.stdout, /^HTTP\/1\.1 200 OK/)
    assert.deepEqual(JSON.parse(curl.stdout.split('\r\n\r\n')[1] ?? ''), typed)

    linkPackages(site())
    const script = async (name: string, text: string): Promise<string> => {
      site().write(`tests/${name}`, text)
      const args = [
        '--conditions=postern-source',
        '--disable-warning=ExperimentalWarning',
        join(site().root, 'tests', name),
      ]
      return (await run(process.execPath, args)).stdout
    }
    const fetched = await script('fetched.mjs', await copied(page(), 'fetch'))
    assert.deepEqual(JSON.parse(fetched.slice('200 '.length)), typed)
    const called = await script(
      'called.ts',
      `${await copied(page(), 'typed client')}\nconsole.log(JSON.stringify(answer))\n`,
    )
    assert.deepEqual(JSON.parse(called), typed)
  })

  test('opens the file of an endpoint in the editor, at its line', async () => {
    await choose(page(), '/api/items')
    await page().getByRole('button', { name: 'Open api/items.ts:3 in the editor' }).click()
    const deadline = Date.now() + 20_000
    while (!existsSync(written) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(readFileSync(written, 'utf8').trim().split('\n'), [
      '--reuse-window',
      '--goto',
      `${join(site().root, 'api/items.ts')}:3`,
    ])
  })

  test('opens nothing for foreign pages, nothing that the caller names, and nothing outside of the site', async () => {
    rmSync(written, { force: true })
    const own = { 'x-postern-explorer': '1' }
    const open = async (body: object, headers: Record<string, string>): Promise<number> =>
      (await site().request('POST', '/api/explorer/open', { body, headers })).status
    const id = 'files:POST /api/items'
    assert.equal(await open({ id }, {}), 403, 'without the header of the page')
    assert.equal(await open({ id }, { ...own, 'sec-fetch-site': 'cross-site' }), 403)
    assert.equal(await open({ id }, { ...own, host: 'rebound.example' }), 403)
    assert.equal(await open({ id, file: '/etc/passwd' }, own), 422)
    assert.equal(await open({ id: '../../etc/passwd' }, own), 404)
    assert.equal(await open({ id: 'objects.list' }, own), 404, 'a built-in endpoint has no file here')
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.ok(!existsSync(written), 'no editor was started')
  })

  test('says where an address leads nowhere', async () => {
    await page().goto(`${site().url}/explorer#no%20such%E0%A4`)
    await page()
      .getByRole('heading', { name: /There is no no%20such/ })
      .waitFor()
  })

  test('says that the server is away, and goes on when it is back', async () => {
    await choose(page(), '/api/public/hello')
    await page().context().setOffline(true)
    await page().getByTestId('send').click()
    await page().getByText('No answer: the server could not be reached').waitFor()
    await page().context().setOffline(false)
    await page().getByTestId('send').click()
    await page().getByText('200 OK').waitFor()
  })

  test('did nothing that it should not', () =>
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED')),
      [],
    ))
})

describe('the editor in production', () => {
  test('cannot be reached', async () => {
    await using site = await openExplorerSite({}, { mode: 'start', env: { EDITOR: '/usr/bin/code' } })
    const asking = { body: { id: 'files:POST /api/items' }, headers: { 'x-postern-explorer': '1' } }
    assert.equal((await site.request('POST', '/api/explorer/open', asking)).status, 404)
    assert.equal((await site.asRole('admin').request('POST', '/api/explorer/open', asking)).status, 404)
  })
})

async function copied(page: Page, form: string): Promise<string> {
  await page.getByTestId('copy').click()
  await page.getByRole('menuitem', { name: form, exact: true }).click()
  await page.getByText('Copied', { exact: true }).waitFor()
  const text = await page.evaluate<string>('navigator.clipboard.readText()')
  await page.getByText('Copied', { exact: true }).waitFor({ state: 'detached' })
  return text
}
