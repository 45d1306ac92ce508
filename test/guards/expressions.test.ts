import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { expressionsIn } from './expressions.ts'
import { isTest, readTree, root } from './source-tree.ts'

const tree = readTree('src/**/*.ts')
const found = expressionsIn(tree)
const verdicts = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(join(root, 'test/guards/expressions.json'), 'utf8')))

/** What a long text could make slow, but never gets one: by file, why. */
const bounded: Readonly<Record<string, string>> = {
  'src/accounts/address.ts': 'an address of IPv6, as Node takes it for one',
  'src/cli/new.ts': 'the name of a folder, from the command line',
  'src/config/settings.ts': "the site's own settings",
  'src/migrations/write-file.ts': 'a name from the command line',
  'src/registry/locate-load-error.ts': "what Node says of the site's own files, while they load",
  'src/registry/sources/manifest-entry.ts': "the site's own manifests",
  'src/registry/sources/parameters.ts': "the site's own code",
  'src/thread/stack-frames.ts': 'lines of at most a thousand characters',
}

/** Where an expression is put together, and from what. */
const composed: Readonly<Record<string, string>> = {
  'src/config/config-file.ts': 'names of settings',
  'src/content/words.ts': 'constants',
  'src/observe/redact.ts': 'constants',
  'src/registry/attach-hooks.ts': "the site's own patterns, whose signs are escaped, on ids of endpoints",
  'src/registry/export-line.ts': "names in the site's own files",
  'src/server/cors.ts': "the site's own settings, whose signs are escaped, on an origin of bounded length",
}

describe('V79 regular expressions', () => {
  test('each was judged by a tool, and is safe or never meets a long text', () => {
    assert.ok(found.size > 100, 'the guard saw expressions')
    const unjudged = [...found.keys()].filter((one) => verdicts[one] === undefined && !isPlain(one))
    assert.deepEqual(unjudged, [], 'Run `npm run judge:expressions` and read what it says.')
    const slow = [...found].filter(([one]) => (verdicts[one] ?? 'safe') !== 'safe')
    assert.ok(slow.length > 0, 'the guard saw some that are slow')
    assert.deepEqual(
      slow.filter(([, files]) => files.some((file) => bounded[file] === undefined)),
      [],
      'A long text from a caller makes these slow.',
    )
  })

  test('those that are put together are known, and none is made of what a caller sends', () => {
    const made = [...tree].filter(([path, text]) => !isTest(path) && /\bRegExp\(/.test(text)).map(([path]) => path)
    assert.ok(made.length > 0, 'the guard saw some')
    assert.deepEqual(
      made.filter((path) => composed[path] === undefined),
      [],
    )
  })

  test('would notice one that explodes', () => {
    const planted = expressionsIn(new Map([['src/planted.ts', 'export const bad = /^(a+)+$/u']]))
    assert.deepEqual([...planted.keys()], ['/^(a+)+$/u'])
    assert.equal(verdicts['/^(a+)+$/u'], undefined)
    for (const bad of ['/^(a+)+$/u', '/a+$/', '/^a+b+$/', '/^a+$/m', '/^(?:a|b*)$/', '/^a{2,}|b/'])
      assert.equal(isPlain(bad), false, bad)
    for (const good of ['/^[a-z]+$/', '/a{0,3}b?/g', '/[^*+]/g', '/^\\*+/']) assert.equal(isPlain(good), true, good)
  })
})

/** Without a repetition that has no end, or with a single one that can begin in one place only: no tool is needed to see it. */
function isPlain(expression: string): boolean {
  const end = expression.lastIndexOf('/')
  const bare = expression
    .slice(1, end)
    .replaceAll(/\\./gu, 'x')
    .replaceAll(/\[[^\]]*\]/g, 'x')
  const endless = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0
  if (endless === 0) return true
  return endless === 1 && bare.startsWith('^') && !bare.includes('|') && !expression.slice(end).includes('m')
}
