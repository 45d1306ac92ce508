/** What lint cannot say about names and shortcuts. The sizes of files and functions are lint rules. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { readTree, withoutComments, type SourceTree } from './source-tree.ts'

const tree = readTree('src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts')

describe('names and shortcuts', () => {
  test('files are kebab-case and named for what they hold', () => {
    assert.ok(tree.size > 10, `the guard saw only ${tree.size} files`)
    assert.deepEqual(badNames(tree), [])
  })

  test('nothing switches off the type checker or the linter from inside a file', () => {
    assert.deepEqual(shortcuts(tree), [])
  })

  test('planted names are found', () => {
    const planted = [
      'src/utils/a.ts',
      'src/store/helpers.ts',
      'src/types.ts',
      'src/store/openStore.ts',
      'src/common/x.ts',
      'src/store/open-store.test.ts',
    ]
    assert.deepEqual(badNames(new Map(planted.map((path) => [path, '']))), planted.slice(0, -1))
  })

  test('planted shortcuts are found, words in comments and strings are not', () => {
    const any = ['an', 'y'].join('')
    const rows: [text: string, found: number][] = [
      [`const a = b as ${any}`, 1],
      [`function f(a: ${any}) {}`, 1],
      [`let a: Map<string, ${any}>`, 1],
      [`// ${'eslint'}-disable-next-line no-console`, 1],
      [`// @ts-${'ignore'}`, 1],
      [`/** Takes ${any}thing, as ${any} would. */`, 0],
      [`const hint = 'in ${any} order, as ${any} reader knows'`, 0],
    ]
    for (const [text, found] of rows) assert.equal(shortcuts(new Map([['src/a.ts', text]])).length, found, text)
  })
})

function badNames(files: SourceTree): string[] {
  const vague = /(^|\/)(utils?|helpers?|common|misc)(\/|\.|$)|(^|\/)types\.ts$/
  return [...files.keys()].filter((path) => {
    // A site's file names are routes, and routes have names of their own: [id].get.ts, _layout.ts.
    if (/^(examples|test\/fixtures|bench\/site)\//.test(path)) return vague.test(path)
    return vague.test(path) || !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|contract|bench))?\.ts$/.test(basename(path))
  })
}

function shortcuts(files: SourceTree): string[] {
  return [...files].flatMap(([path, text]) => {
    const code = withoutComments(text).replaceAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''")
    const untyped = /\bas any\b|[:<,|&]\s*any\b(?!\s*[:(=])/.exec(code)
    const switched = /(?:\/\/|\/\*)\s*(?:@ts-(?:ignore|nocheck)|(?:eslint|oxlint)-disable)/.exec(text)
    return [untyped, switched].flatMap((found) => (found === null ? [] : [`${path}: ${found[0]}`]))
  })
}
