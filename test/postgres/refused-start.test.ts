import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { postern, temporaryFolder } from '../scenarios/command-line.ts'
import { createTestDatabase } from './test-database.ts'

const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())

test('what refuses a database ends, and holds no connection to it', { timeout: 60_000 }, async () => {
  await using database = await createTestDatabase()
  const site = join(folder.path, 'site')
  mkdirSync(join(site, 'types'), { recursive: true })
  mkdirSync(join(site, 'migrations'))
  const write = (fields: string): void =>
    writeFileSync(
      join(site, 'types/note.ts'),
      `import { defineType, field } from 'postern'\nexport default defineType({ name: 'note', fields: { ${fields} } })\n`,
    )
  const run = (...line: string[]) => postern([...line, '--site', site], { env: { DATABASE_URL: database.url } })
  write('text: field.text()')
  assert.equal((await run('migrate', '--apply')).code, 0)
  write('text: field.text(), more: field.text()')
  // A process that does not end is killed after a minute, and has no exit code.
  const started = await run('start')
  assert.deepEqual([started.code, /MIGRATION_NEEDED/.test(started.err)], [1, true], started.err)
})
