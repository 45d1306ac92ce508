import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Where the keeper of this working copy and this user is met. */
export function socketPath(): string {
  const key = createHash('sha256')
    .update(`${import.meta.dirname} ${userInfo().uid}`)
    .digest('hex')
    .slice(0, 16)
  return process.platform === 'win32' ? `\\\\.\\pipe\\postern-${key}` : join(tmpdir(), `postern-keeper-${key}.sock`)
}
