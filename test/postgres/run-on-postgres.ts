/** What other rooms promise on SQLite, once more with PostgreSQL beneath: the very same test files. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createTestDatabase } from './test-database.ts'

const root = join(import.meta.dirname, '..', '..')
/** The fixtures that open their store where they are told to. Files without one have no database to change. */
const fixture = /fixtures\/(?:(?:content|people|site)-house|ann-signs-in|refused-sites)\.ts/
/** Measures the time of hashing, which no database takes part in. */
const withoutDatabase = '/AUC/'

/** A test that the files of a pattern hold on PostgreSQL; what `isMeant` leaves out is left to another such test. */
export function holdsOnPostgres(pattern: string, isMeant: (file: string) => boolean = () => true): void {
  void test(`${pattern} holds on PostgreSQL`, { timeout: 115_000 }, async () => {
    // Says clearly what is wrong where there is no PostgreSQL at all.
    await using _server = await createTestDatabase()
    const files = globSync(pattern, { cwd: root })
      .filter(isMeant)
      .filter((file) => fixture.test(readFileSync(join(root, file), 'utf8')))
    assert.ok(files.length > 2, `too few files match ${pattern}`)
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
    '--test-reporter=tap',
    `--test-skip-pattern=${withoutDatabase}`,
  ]
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
  const child = spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env: { ...environment, POSTERN_TEST_STORE: 'postgres' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  const [said, code] = await Promise.all([text(child.stdout), promise])
  return { code, said }
}
