import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { errorPage, referencePages } from '../../scripts/write-docs.ts'
import { errorTable } from '../../src/errors/table.ts'
import { root } from './source-tree.ts'

describe('the error table and its page', () => {
  test('every row is fit to be shown: a code that shouts, a real status, a title without a full stop, a hint that ends', () => {
    const rows = Object.entries(errorTable)
    assert.ok(rows.length > 10, `the guard saw only ${rows.length} codes`)
    for (const [code, { status, title, hint }] of rows) {
      assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
      assert.ok(status >= 400 && status <= 599, `${code} has status ${status}`)
      assert.match(title, /^[A-Z].*[^.]$/, `title of ${code}`)
      assert.match(hint, /^[A-Z].*[.?]$/, `hint of ${code}`)
    }
  })

  test('the reference pages say what the code says', () => {
    for (const [path, text] of referencePages()) {
      assert.equal(readPage(path), text, `${path} is out of date: run \`npm run docs\``)
    }
  })

  test('a changed hint changes the page', () => {
    const row = { status: 418, title: 'Teapot', hint: 'Ask for tea.' }
    assert.notEqual(errorPage({ TEAPOT: row }), errorPage({ TEAPOT: { ...row, hint: 'Ask for coffee.' } }))
    assert.match(errorPage({ TEAPOT: row }), /### TEAPOT\n\n\*\*418\*\* Teapot\. Ask for tea\./)
  })
})

function readPage(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return ''
  }
}
