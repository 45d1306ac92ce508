import { PosternError } from '../errors/postern-error.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { describeThrown } from './error-data.ts'

/** Whatever was thrown while a site was opened, as one of its problems. */
export function problemOfThrown(thrown: unknown): SiteProblem {
  if (!(thrown instanceof PosternError))
    return { fatal: true, code: 'BAD_SITE', message: describeThrown(thrown), at: { file: '.' } }
  const { code, message, hint, at = { file: '.' } } = thrown
  return { fatal: true, code, message, hint, at }
}
