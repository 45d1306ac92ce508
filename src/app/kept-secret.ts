import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PosternError } from '../errors/postern-error.ts'

/** The site's secret from its data folder, made at the first start; only the owner of the process can read the file. */
export function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) make(file)
  for (let looks = 0; looks < mostLooks; looks++) {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length >= shortest) return secret
    Atomics.wait(still, 0, 0, pause)
  }
  throw new PosternError(
    'BAD_DATA_DIR',
    `${file} must hold a secret of at least ${shortest} characters; delete it to have one made.`,
  )
}

/** A server and a command may begin at the same moment: the one that is first makes it, and the other one takes it. */
function make(file: string): void {
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
  }
}

const shortest = 32
/** Until the one that is first has written what it made, in ms. */
const pause = 10
const mostLooks = 20
const still = new Int32Array(new SharedArrayBuffer(4))
