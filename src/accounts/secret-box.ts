import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts what must be read again (second factors) with a key that is not in the database. */
export interface SecretBox {
  readonly close: (text: string) => string
  readonly open: (closed: string) => string
}

/** Without a site secret (in a test) a key of this process alone is taken: nothing is ever stored in clear. */
export function createSecretBox(siteSecret: string | undefined): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', siteSecret ?? randomBytes(32), '', 'postern second factors', 32))
  return {
    close: (text) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open: (closed) => {
      const bytes = Buffer.from(closed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}
