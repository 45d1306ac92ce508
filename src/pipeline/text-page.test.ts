import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it } from 'node:test'
import { createTextPage, styleHash, styleText } from './text-page.ts'

it('names its style sheet by its hash', () => {
  assert.equal(styleHash, `sha256-${createHash('sha256').update(styleText()).digest('base64')}`)
})

it('escapes every text', () => {
  const nasty = `<script>alert('"x"')</script>&`
  const { html } = createTextPage({ title: nasty, paragraphs: [nasty], pre: nasty, foot: nasty })
  assert.doesNotMatch(html, /<script|alert\('/)
  assert.equal(html.split('&lt;script&gt;').length - 1, 5)
})
