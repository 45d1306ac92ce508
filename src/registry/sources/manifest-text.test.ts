import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ManifestTextError, readManifestText } from './manifest-text.ts'

describe('the text of a manifest', () => {
  const broken: readonly [name: string, text: string, line: number, column: number, message: RegExp][] = [
    ['empty', '', 1, 1, /ends too early/],
    ['only space', '\n\n  ', 3, 3, /ends too early/],
    ['a comma too many', '{\n  "a": {},\n}', 3, 1, /comma too many/],
    ['a comma missing', '{\n  "a": {}\n  "b": {}\n}', 3, 3, /A comma or "}"/],
    ['text without quotes', '{ "a": { "column": code } }', 1, 20, /double quotes/],
    ['a name without quotes', '{ a: 1 }', 1, 3, /name in double quotes/],
    ['single quotes', `{ "a": 'b' }`, 1, 8, /double quotes/],
    ['a colon missing', '{ "a" 1 }', 1, 7, /colon/],
    ['a comment', '{ // no\n "a": 1 }', 1, 3, /name in double quotes/],
    ['cut off', '{ "a": { "b": [1, 2', 1, 20, /comma or "]"/],
    ['text not closed', '{ "a": "b }', 1, 8, /not closed/],
    ['a line break in text', '{ "a": "b\nc" }', 1, 8, /not closed/],
    ['a second value', '{} {}', 1, 4, /more text follows/],
    ['a name twice', '{ "a": 1,\n "\\u0061": 2 }', 2, 2, /"a" is given twice/],
    ['an odd number', '{ "a": 01 }', 1, 8, /value is expected/],
    ['too deep', '['.repeat(100_000), 1, 52, /nested deeper/],
  ]
  for (const [name, text, line, column, message] of broken) {
    test(name, () => {
      assert.throws(
        () => readManifestText(text),
        (thrown) => {
          assert.ok(thrown instanceof ManifestTextError)
          assert.deepEqual([thrown.position, message.test(thrown.message)], [{ line, column }, true], thrown.message)
          return true
        },
      )
    })
  }

  test('names have places; what has none gets that of the name above it', () => {
    const { placeOf } = readManifestText('\uFEFF{\n  "Get": {\n    "authorization": { "roles": ["admin"] }\n  }\n}')
    assert.deepEqual(placeOf('Get'), { line: 2, column: 3 })
    assert.deepEqual(placeOf('Get', 'authorization', 'roles'), { line: 3, column: 24 })
    assert.deepEqual(placeOf('Get', 'request_type'), { line: 2, column: 3 })
    assert.deepEqual(placeOf('Nowhere'), { line: 1, column: 1 })
  })

  test('takes exactly what JSON.parse takes, but for names given twice', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        assert.deepEqual(readManifestText(text).value, JSON.parse(text))
      }),
    )
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', 'x', '\\', '0', '-'),
        (text, at, put) => {
          const index = at % (text.length + 1)
          const bent = text.slice(0, index) + put + text.slice(index + 1)
          const ours = outcome(readManifestText, bent)
          if (ours !== 'twice') assert.equal(ours, outcome(JSON.parse, bent), bent)
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** A name given twice is told before anything that is wrong after it. */
function outcome(read: (text: string) => unknown, text: string): 'passes' | 'fails' | 'twice' {
  try {
    read(text)
    return 'passes'
  } catch (thrown) {
    return thrown instanceof Error && thrown.message.includes('given twice') ? 'twice' : 'fails'
  }
}
