import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { exportsOf, publicSurface, surfaceFile } from './public-surface.ts'

describe('the public surface', () => {
  test('is the one that was agreed on', () => {
    const agreed = readFileSync(surfaceFile, 'utf8')
    assert.ok(agreed.split('\n').length > 5, 'the list is as good as empty')
    assert.equal(publicSurface(), agreed, 'If the change is wanted, run `npm run surface` and say so in CHANGELOG.md.')
  })

  test('lists are read by name, renamed and typed', () => {
    const text = "/** Doc. */\nexport { a, type B, c as d } from './a.ts'\nexport type { E } from './e.ts'\n"
    assert.deepEqual(exportsOf('src/index.ts', new Map([['src/index.ts', text]])), ['a', 'type B', 'd', 'type E'])
  })

  test('stars and logic are refused at the door', () => {
    for (const text of ["export * from './a.ts'", 'export const a = 1', "import { a } from './a.ts'\na()"]) {
      assert.throws(() => exportsOf('src/index.ts', new Map([['src/index.ts', text]])), /may only re-export by name/)
    }
  })
})
