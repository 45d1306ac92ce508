import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestSite, scenario } from 'postern/testing'

const from = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8')

/** As `npm install` would leave it, and named in the config. */
const installed = {
  'node_modules/postern-addon-greeting/package.json': from('packages/postern-addon-greeting/package.json'),
  'node_modules/postern-addon-greeting/index.js': from('packages/postern-addon-greeting/index.js'),
  'postern.config.ts': from('postern.config.ts').replace(
    'addons: {',
    "addons: { 'postern-addon-greeting': { whom: 'world' },",
  ),
}

scenario('addons', { folder: import.meta.dirname, files: installed }, [
  { request: 'GET /api/greeting', status: 200, contains: /^Hello world$/ },
  { request: 'POST /api/guestbook', status: 401, body: { text: 'I was here' } },
  { request: 'GET /api/public/guests', name: 'nothing was written so far', status: 200, answer: [] },
  {
    request: 'POST /api/guestbook',
    as: 'ann',
    status: 201,
    body: { text: 'I was here' },
    answer: { id: 1, greeting: 'Thank you' },
  },
  { request: 'POST /api/guestbook', as: 'ann', status: 422, body: { text: '' } },
  { request: 'GET /api/public/guests', status: 200, answer: ['I was here'], sends: { 'x-guestbook': null } },
  { request: 'GET /api/public/plain', status: 200, contains: /^plain$/, sends: { 'x-guestbook': 'open' } },
])

const bare = { 'postern.config.ts': 'export default {}', 'api/public/plain.ts': from('api/public/plain.ts') }

test('taken out, addons leave nothing behind', async () => {
  await using site = await openTestSite({ files: bare })
  const statuses: number[] = []
  for (const path of ['/api/greeting', '/api/public/guests', '/api/guestbook'])
    statuses.push((await site.request('GET', path)).status)
  assert.deepEqual(statuses, [404, 404, 404])
  const plain = await site.request('GET', '/api/public/plain')
  assert.deepEqual([plain.status, plain.headers['x-guestbook']], [200, undefined])
})

test('the site wins over an addon only where it says so', async () => {
  const greeting = (override: string): string =>
    `import { defineEndpoint } from 'postern'\nexport const GET = defineEndpoint({ ${override} handler: () => 'from the site' })`
  const rival = (override: string) => ({
    folder: import.meta.dirname,
    files: { ...installed, 'api/greeting.ts': greeting(override) },
  })
  await assert.rejects(openTestSite(rival('')), /\/api\/greeting is claimed twice/)
  await using site = await openTestSite(rival('override: true,'))
  const { status } = await site.request('GET', '/api/greeting')
  assert.equal(status, 401, "the site's own file, which needs a token, answers")
})
