import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { keepTypes } from '../../src/cli/write-types.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'

const files = { 'api/public/one.ts': 'export const GET = () => 1\n' }

describe("the client's types of a site that is being written", () => {
  test('follow each saved file soon, and are not written again where nothing changed', async (t) => {
    await using site = await openTestSite({ files, mode: 'dev', isolation: 'thread' })
    site.write('postern-site.ts', '')
    keepTypes(site.house, site.root)
    assert.match(typesOf(site), /"GET \/api\/public\/one"/)
    assert.doesNotMatch(typesOf(site), /two|explorer/)

    const saved = performance.now()
    site.write('api/public/two.ts', 'export const GET = () => 2\n')
    await until(() => typesOf(site).includes('"GET /api/public/two"'))
    const took = performance.now() - saved
    // 150 ms is the aim on a quiet machine; a busy one may take longer, but must not wait for a timer.
    t.diagnostic(`types followed the file after ${took.toFixed(0)} ms`)
    assert.ok(took < 3_000, `${took} ms`)

    site.write('api/public/three.ts', 'export const GET = () => 3\n')
    await until(() => typesOf(site).includes('"GET /api/public/three"'))
    const causes = site.observed.flatMap((seen) => (seen.kind === 'site.swapped' ? (seen.changed ?? []) : []))
    assert.ok(!causes.includes('postern-site.ts'), 'the types themselves change nothing')
    assert.ok(causes.includes('api/public/two.ts'))
  })

  test('are not there where nobody asked for them', async () => {
    await using site = await openTestSite({ files, mode: 'dev' })
    keepTypes(site.house, site.root)
    assert.ok(!existsSync(join(site.root, 'postern-site.ts')))
  })
})

function typesOf(site: TestSite): string {
  return readFileSync(join(site.root, 'postern-site.ts'), 'utf8')
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000
  while (!holds() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(holds(), 'waited five seconds')
}
