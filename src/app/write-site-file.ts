import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { PosternError } from '../errors/postern-error.ts'

/** Writes a new file below the site's folder. Refuses (CONFLICT) to replace one, and (BAD_PATH) to leave the folder. */
export function writeSiteFile(root: string, file: string, text: string): void {
  const target = join(root, file)
  if (!target.startsWith(root + sep)) throw new PosternError('BAD_PATH', 'The file would lie outside the site.')
  mkdirSync(dirname(target), { recursive: true })
  const folder = realpathSync(dirname(target))
  if (!`${folder}${sep}`.startsWith(realpathSync(root) + sep))
    throw new PosternError('BAD_PATH', 'The file would lie outside the site.')
  try {
    writeFileSync(target, text, { flag: 'wx' })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    throw new PosternError('CONFLICT', `${file} is there already.`, {
      hint: 'Give the test another name.',
      cause: thrown,
    })
  }
}
