import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeFrame } from './code-frame.ts'
import { lineOfExport, lineOfMember } from './export-line.ts'

describe('where a message points', () => {
  test('the lines around the place, with a marker below the column', () => {
    const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n')
    assert.equal(
      codeFrame(text, { file: 'a.ts', line: 10, column: 6 }),
      ['   8 | line 8', '   9 | line 9', '> 10 | line 10', '     |      ^', '  11 | line 11', '  12 | line 12'].join(
        '\n',
      ),
    )
  })

  test('at the ends of a file, without a column, and nowhere', () => {
    assert.equal(codeFrame('only', { file: 'a', line: 1 }), '> 1 | only')
    assert.equal(codeFrame('one\ntwo', { file: 'a', line: 2 }), '  1 | one\n> 2 | two')
    assert.equal(codeFrame('one', { file: 'a' }), undefined)
    assert.equal(codeFrame('one', { file: 'a', line: 9 }), undefined)
  })

  const exports: readonly [text: string, name: string, line: number][] = [
    ['\nexport default 1', 'default', 2],
    ['export const GETTER = 1\nexport const GET = 1', 'GET', 2],
    ['// export function GET() {}\nexport async function GET() {}', 'GET', 2],
    ['const GET = 1\n\nexport { a, GET as default, GET }', 'GET', 3],
    ['export\n  default 1', 'default', 1],
    ['nothing', 'GET', 1],
    ['export const $a = 1\nexport const a$ = 1', 'a$', 2],
  ]
  for (const [text, name, line] of exports) {
    test(`the export ${name} in ${JSON.stringify(text)}`, () => assert.equal(lineOfExport(text, name), line))
  }

  test('members of a class', () => {
    const text = 'class A {\n  override endPoints = []\n  async friends(a) {}\n  readonly foes: string[] = []\n}'
    assert.deepEqual(
      ['endPoints', 'friends', 'foes', 'none'].map((name) => lineOfMember(text, name)),
      [2, 3, 4, undefined],
    )
  })
})
