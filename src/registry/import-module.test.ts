/** What is wrong with a site's file is told with the place where it has to be mended. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { PosternError, type Place } from '../errors/postern-error.ts'
import { importerOf } from './import-module.ts'
import { resolvePosternFor } from './resolve-postern.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'postern-import-')))
after(() => rmSync(root, { recursive: true }))
resolvePosternFor(root)
const load = importerOf(root)

function write(path: string, text: string): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

write('lib/good.ts', 'export const y: number = 1\n')
write('lib/doubled.ts', 'const n: number = 1\nexport const m: number = 2\nconst n = 3\n')
write('lib/broken.ts', 'export const x = 1\nexport function f() {\n  return ((\n}\n')

const rows: readonly { name: string; text: string; at: Place; says: RegExp; file?: string }[] = [
  {
    name: 'syntax',
    text: 'const a = 1\nconst b = = 2\n',
    at: { file: 'api/syntax.ts', line: 2 },
    says: /Expression expected/,
  },
  {
    name: 'enum',
    text: 'export const a = 1\nenum Colour { Red }\n',
    at: { file: 'api/enum.ts', line: 2 },
    says: /enum is not supported/,
  },
  {
    name: 'property',
    text: 'class A {\n  constructor(private x: number) {}\n}\n',
    at: { file: 'api/property.ts', line: 2 },
    says: /parameter property/,
  },
  {
    name: 'missing',
    text: "const a = 1\nimport './nowhere.ts'\n",
    at: { file: 'api/missing.ts', line: 2, column: 9 },
    says: /api\/nowhere\.ts/,
  },
  {
    name: 'package',
    text: "import a from 'no-such-package'\n",
    at: { file: 'api/package.ts', line: 1, column: 16 },
    says: /no-such-package/,
  },
  {
    name: 'export',
    text: "import { z } from '../lib/good.ts'\n",
    at: { file: 'api/export.ts', line: 1, column: 10 },
    says: /does not provide an export named 'z'/,
  },
  {
    name: 'throws',
    text: "export const a = 1\n\nfunction boom() {\n  throw new Error('at the top')\n}\nboom()\n",
    at: { file: 'api/throws.ts', line: 4, column: 9 },
    says: /at the top/,
  },
  { name: 'null', text: 'throw null\n', at: { file: 'api/null.ts' }, says: /it threw null/ },
  {
    name: 'twice',
    text: 'const a = 1\nconst a = 2\n',
    at: { file: 'api/twice.ts', line: 2, column: 7 },
    says: /already been declared/,
  },
  {
    name: 'doubled',
    text: "export const a: number = 1\nexport { m } from '../lib/doubled.ts'\n",
    at: { file: 'lib/doubled.ts', line: 3, column: 7 },
    says: /already been declared/,
  },
  {
    name: 'other',
    text: "import '../lib/broken.ts'\n",
    at: { file: 'lib/broken.ts', line: 4 },
    says: /Expression expected/,
  },
]

for (const { name, text, at, says } of rows) {
  test(`${name}: BAD_SITE at ${at.file}${at.line === undefined ? '' : `:${at.line}`}`, async () => {
    const file = write(`api/${name}.ts`, text)
    const thrown: unknown = await load(file).then(
      () => assert.fail('it was loaded'),
      (cause: unknown) => cause,
    )
    assert.ok(thrown instanceof PosternError)
    assert.equal(thrown.code, 'BAD_SITE')
    assert.match(thrown.message, says)
    assert.equal(thrown.message.includes(root), false, 'a message must not show where the site lies')
    const { column, ...place } = thrown.at ?? { file: '' }
    assert.deepEqual(at.column === undefined ? place : { ...place, column }, at)
  })
}

test('what loads is loaded afresh under a new version, with all that it imports of the site', async () => {
  const file = write('api/versioned.ts', "export { word } from '../lib/word.ts'\n")
  write('lib/word.ts', "export const word = 'old'\n")
  assert.equal((await importerOf(root, 1)(file))['word'], 'old')
  write('lib/word.ts', "export const word = 'new'\n")
  assert.equal((await importerOf(root, 1)(file))['word'], 'old')
  assert.equal((await importerOf(root, 2)(file))['word'], 'new')
})

test("a site gets this installation's own modules for `postern`, and zod where it has none", async () => {
  const file = write('api/imports.ts', "export { PosternError } from 'postern'\nexport { z } from 'zod'\n")
  const loaded = await load(file)
  assert.equal(loaded['PosternError'], PosternError)
  assert.equal(typeof loaded['z'], 'object')
})

test('a module that waits at its top for what never comes is told of', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const loading = load(write('waits.ts', 'await new Promise(() => {})\nexport default 1\n'))
  mock.timers.tick(9_999)
  mock.timers.tick(1)
  await assert.rejects(loading, (thrown) => {
    assert.ok(thrown instanceof PosternError)
    assert.equal(thrown.at?.file, 'waits.ts')
    assert.match(
      thrown.message,
      /^waits\.ts cannot be loaded: it, or what it imports, has waited at its top level for 10 s\.$/,
    )
    return true
  })
})
