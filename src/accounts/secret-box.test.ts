import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSecretBox } from './secret-box.ts'

describe('a secret box', () => {
  it('gives back what was put in, whenever the site is started, and never looks the same twice', () => {
    const [one, later] = [createSecretBox('the site’s secret'), createSecretBox('the site’s secret')]
    for (const text of ['JBSWY3DPEHPK3PXP', '', 'ß🦆', 'x'.repeat(10_000)]) {
      assert.equal(later.open(one.close(text)), text)
      assert.notEqual(one.close(text), one.close(text))
      assert.ok(text === '' || !one.close(text).includes(text))
    }
  })

  it('opens with no other secret, and not where a single bit was changed', () => {
    const box = createSecretBox('a')
    const closed = box.close('JBSWY3DPEHPK3PXP')
    for (const other of [createSecretBox('b'), createSecretBox(''), createSecretBox(undefined)])
      assert.throws(() => other.open(closed))
    const bytes = Buffer.from(closed, 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      assert.throws(() => box.open(changed.toString('base64url')), `byte ${index}`)
    }
    assert.throws(() => box.open(''))
  })
})
