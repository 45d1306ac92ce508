import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { redactSearch, redactText } from '../observe/redact.ts'
import { digest, kindOfSecret, newSecret, sameSecret, secretKinds, type SecretKind } from './secret.ts'

const kinds = Object.keys(secretKinds) as SecretKind[]

describe('a secret', () => {
  it('says what it opens, holds 256 random bits, and is never made twice', () => {
    for (const kind of kinds) {
      const [one, other] = [newSecret(kind), newSecret(kind)]
      assert.notEqual(one, other)
      assert.equal(kindOfSecret(one), kind)
      assert.equal(one.length, secretKinds[kind].length + 49)
    }
  })

  it('with one letter changed, lost or added is none', () => {
    const secret = newSecret('token')
    for (let index = 0; index < secret.length; index++) {
      const letter = secret[index] === 'x' ? 'y' : 'x'
      assert.equal(kindOfSecret(secret.slice(0, index) + letter + secret.slice(index + 1)), undefined, String(index))
      assert.equal(kindOfSecret(secret.slice(0, index) + secret.slice(index + 1)), undefined, String(index))
    }
    for (const text of ['', '_', 'pat_', `${secret}x`, secret.replace('pat_', 'psa_'), secret.toLowerCase()]) {
      assert.equal(kindOfSecret(text), undefined, text)
    }
  })

  it('of another length or kind is none, though its checksum is right', () => {
    for (const open of ['pat_short', `pat_${'x'.repeat(44)}`, `xyz_${'x'.repeat(43)}`, 'x'.repeat(47)]) {
      assert.equal(kindOfSecret(open + hash('sha256', open, 'base64url').slice(0, 6)), undefined, open)
    }
    const open = `pat_${'x'.repeat(43)}`
    assert.equal(kindOfSecret(open + hash('sha256', open, 'base64url').slice(0, 6)), 'token')
  })

  it('is stored as something that it cannot be read from', () => {
    const secret = newSecret('refresh')
    assert.match(digest(secret), /^[\w-]{43}$/)
    assert.equal(digest(secret), digest(secret))
    assert.notEqual(digest(secret), digest(newSecret('refresh')))
    assert.ok(!digest(secret).includes(secret.slice(4, 20)))
  })

  it('V68 is compared in one place, whose time depends on neither', () => {
    assert.deepEqual(
      [sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'ab'), sameSecret('', '')],
      [true, false, false, true],
    )
    const files = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] })
    assert.ok(files.length > 50)
    const compared =
      /(?:secret|password|token|digest|code|state)\s*[!=]==\s*(?!undefined|null|'|true)\w|[!=]==\s*(?:\w+\.)*(?:secret|password|digest)\b/
    const faults = files.filter((file) => compared.test(readFileSync(join(import.meta.dirname, file), 'utf8')))
    assert.deepEqual(faults, [])
    assert.match('if (shown.secret === kept.secret)', compared)
    const timing = files.filter((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8').includes('timingSafeEqual('),
    )
    assert.deepEqual(timing, ['secret.ts'])
  })

  it('V62 is taken out of texts and query strings, whatever stands around it', () => {
    for (const kind of kinds) {
      const secret = newSecret(kind)
      for (const text of [secret, `a ${secret}, b`, `"${secret}"`, `x=${secret}&y`, `${secret}${secret}`]) {
        assert.ok(!redactText(text).includes(secret.slice(6)), text)
      }
      assert.ok(redactText(secret).startsWith(secretKinds[kind]))
    }
    assert.equal(redactText('no_secret here'), 'no_secret here')
    const link = newSecret('link')
    assert.equal(redactSearch(`a=1&link=${link}&b_c=2`), 'a=1&link=pl_[redacted]&b_c=2')
  })
})
