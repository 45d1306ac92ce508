import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PosternError } from '../errors/postern-error.ts'

/** The site's secret from its data folder, made at the first start; only the owner of the process can read the file. */
export function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length >= 32) return secret
  throw new PosternError(
    'BAD_DATA_DIR',
    `${file} must hold a secret of at least 32 characters; delete it to have one made.`,
  )
}
