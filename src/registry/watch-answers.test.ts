import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestSite } from '../testing/test-site.ts'

const files = {
  'api/public/room.ts': [
    "import { defineEndpoint } from 'postern'",
    "import { z } from 'zod'",
    'export default defineEndpoint({',
    '  response: z.object({ name: z.string(), seats: z.array(z.object({ free: z.boolean() })), built: z.iso.datetime() }),',
    "  handler: ({ param }) => param('none') ? false : { name: 'blue', seats: [{ free: true }, { free: param('free') ?? true }], built: new Date(0) },",
    '})',
    '',
  ].join('\n'),
}

describe('an answer that breaks its response schema', () => {
  for (const isolation of ['inline', 'thread'] as const)
    test(`is noted in development with the path of the field, and sent as it is (${isolation})`, async () => {
      await using site = await openTestSite({ files, mode: 'dev', isolation })
      const broken = await site.request('GET', '/api/public/room?free=perhaps')
      assert.equal(broken.status, 200)
      assert.match(broken.text, /perhaps/)
      assert.match(warnings(site.observed), /response\.seats\.1\.free/)
    })

  test('is not noted where there is nothing to note', async () => {
    await using site = await openTestSite({ files, mode: 'dev' })
    assert.equal((await site.request('GET', '/api/public/room')).status, 200)
    assert.equal((await site.request('GET', '/api/public/room?none=1')).status, 404)
    assert.equal(warnings(site.observed), '')
  })

  test('costs nothing in production', async () => {
    await using site = await openTestSite({ files })
    await site.request('GET', '/api/public/room?free=perhaps')
    assert.equal(warnings(site.observed), '')
  })
})

function warnings(observed: readonly object[]): string {
  return observed
    .filter((one) => 'level' in one && one.level === 'warn')
    .map((one) => JSON.stringify(one))
    .join('\n')
}
