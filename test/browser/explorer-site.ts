import { symlinkSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { sitePages } from '../../src/cli/serve-site.ts'
import { openTestSite, type TestSite, type TestSiteOptions } from '../../src/testing/test-site.ts'

/** A page of the explorer that remembers what it should not have done. */
export interface WatchedPage {
  readonly page: Page
  /** Errors in the console, requests to elsewhere, breaches of the policy. */
  readonly faults: string[]
}

const project = join(import.meta.dirname, '../..')

export const files = {
  'api/custom.ts': "export default ({ param }) => param('test') ?? false\n",
  'api/public/hello.ts': "export default () => ({ hello: 'world' })\n",
  'api/items.ts': [
    "import { allow, defineEndpoint } from 'postern'",
    "import { z } from 'zod'",
    'export const POST = defineEndpoint({',
    "  description: 'Keeps an item.',",
    "  authorize: allow.role('editor'),",
    '  query: z.object({ dry: z.boolean().optional(), limit: z.int().min(1).max(100).default(20) }),',
    "  body: z.strictObject({ title: z.string().min(1), status: z.enum(['draft', 'on']), price: z.number().optional() }),",
    '  handler: ({ body, query, reply }) => {',
    '    reply.status(201)',
    '    return { ...body, dry: query.dry ?? false }',
    '  },',
    '})',
    '',
  ].join('\n'),
  'types/member.ts': [
    "import { allow, defineType, field } from 'postern'",
    'export default defineType({',
    "  name: 'member', plural: 'members',",
    '  fields: { code: field.text({ required: true, index: true }), age: field.integer() },',
    "  rules: { read: allow.user, create: allow.user, update: allow.owner(), delete: allow.role('admin') },",
    '})',
    '',
  ].join('\n'),
  'modules/members/api.json': JSON.stringify(
    {
      'Fetch Account': {
        url_segments: 'members/account/{code}',
        request_type: 'GET',
        description: 'Fetch account information',
        required_fields: [{ name: 'code', label: 'Code' }],
        authorization: { roles: ['admin'], userOwnedSegment: { column: 'code', segmentNum: 3 } },
      },
      Create: {
        url_segments: 'api/create/members',
        request_type: 'POST',
        description: 'Insert database record',
        enableParams: true,
        authorization: { roles: ['admin'] },
      },
      Hello: { url_segments: 'members/hello', request_type: 'GET', description: 'Say hello' },
    },
    null,
    2,
  ),
  'modules/members/members.ts':
    "export const account = (call, code) => ({ code })\nexport const hello = () => 'hello'\n",
}

/** A served site in development, with two people; `more` goes on top of its files. */
export async function openExplorerSite(
  more: Readonly<Record<string, string>> = {},
  { mode = 'dev', env = {} }: Pick<TestSiteOptions, 'mode' | 'env'> = {},
): Promise<TestSite> {
  const site = await openTestSite({
    files: { ...files, ...more },
    settings: { api: { protected: true } },
    mode,
    env,
    isolation: 'thread',
    pages: sitePages({ explorer: true }),
  })
  await site.house.accounts.createUser({ name: 'ann', roles: ['admin'] })
  await site.house.accounts.createUser({ name: 'tom', roles: ['member'] })
  return site
}

/** So that a test which the explorer wrote finds the package, as it would in a site of one's own. */
export function linkPackages(site: TestSite): void {
  mkdirSync(join(site.root, 'node_modules'), { recursive: true })
  for (const [name, target] of [
    ['postern', project],
    ['zod', join(project, 'node_modules/zod')],
  ] as const)
    symlinkSync(target, join(dirname(join(site.root, 'node_modules', name)), name))
}

export async function openPage(
  browser: Browser,
  site: TestSite,
  options: { readonly width?: number; readonly dark?: boolean; readonly until?: string } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  // Of a machine that is three times slower and busy; where all is well nothing waits.
  context.setDefaultTimeout(40_000)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    // The browser itself notes every refused request; what was refused is what the test is about.
    const isRefusal = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())
    if (message.type() === 'error' && !isRefusal) faults.push(message.text())
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    // A picture that was answered is shown from the page's own memory.
    if (
      !request
        .url()
        .replace(/^blob:/, '')
        .startsWith(site.url) &&
      !request.url().startsWith('data:')
    )
      faults.push(`outside: ${request.url()}`)
  })
  await page.goto(`${site.url}/explorer`)
  await page.waitForSelector(options.until ?? '.row')
  return { page, faults }
}

/** Chooses an endpoint by its path, as a person would. */
export async function choose(page: Page, path: string): Promise<void> {
  await page.getByLabel('Search endpoints').fill(path)
  await page
    .locator('.row a', { has: page.getByText(path, { exact: true }) })
    .first()
    .click()
  await page.locator('.heading', { hasText: path }).waitFor()
}
