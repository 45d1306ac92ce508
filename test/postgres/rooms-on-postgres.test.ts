/** Everything that content, accounts and whole houses promise, once more with PostgreSQL beneath. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createTestDatabase } from './test-database.ts'

const root = join(import.meta.dirname, '..', '..')
const suites = ['src/content/**/*.test.ts', 'test/scenarios/**/*.test.ts']
/** Measures the time of hashing, which no database takes part in. */
const withoutDatabase = '/AUC/'

for (const pattern of suites) {
  test(`${pattern} holds on PostgreSQL`, { timeout: 110_000 }, async () => {
    // Says clearly what is wrong where there is no PostgreSQL at all.
    await using _server = await createTestDatabase()
    const files = globSync(pattern, { cwd: root })
    assert.ok(files.length > 0, `no files match ${pattern}`)
    const { code, said } = await testRun(files)
    assert.equal(code, 0, said)
    assert.ok(Number(/^# pass (\d+)$/m.exec(said)?.[1]) > files.length, 'tests were run')
    assert.match(said, /^# skipped 0$/m)
  })
}

async function testRun(files: readonly string[]): Promise<{ code: number | null; said: string }> {
  const flags = [
    '--conditions=postern-source',
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=1',
  ]
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
  const child = spawn(
    process.execPath,
    [...flags, '--test-reporter=tap', `--test-skip-pattern=${withoutDatabase}`, ...files],
    { cwd: root, env: { ...environment, POSTERN_TEST_STORE: 'postgres' }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  const [said, code] = await Promise.all([text(child.stdout), promise])
  return { code, said }
}
