import { join } from 'node:path'
import { PosternError, type Place } from '../errors/postern-error.ts'
import type { ErrorCode } from '../errors/table.ts'
import { frameOfFile } from './code-frame.ts'
import type { SiteProblem } from './site-folder.ts'

/** Something that stops the start. The frame is read from the file where the place names a line. */
export function fatalProblem(root: string, at: Place, said: Said): SiteProblem {
  const { code = 'BAD_SITE', message, hint } = said
  const frame = at.line === undefined ? undefined : frameOfFile(join(root, at.file), at)
  return {
    fatal: true,
    code,
    message,
    at,
    ...(frame === undefined ? {} : { frame }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** Something that is said once and shown by `doctor`, while the site starts. */
export function mildProblem(at: Place, said: Said): SiteProblem {
  const { code = 'BAD_SITE', message, hint } = said
  return { fatal: false, code, message, at, ...(hint === undefined ? {} : { hint }) }
}

interface Said {
  readonly code?: ErrorCode
  readonly message: string
  readonly hint?: string
}

/** What loading a file threw, as a problem of that file (relative to the root). */
export function thrownProblem(root: string, file: string, thrown: unknown): SiteProblem {
  if (!(thrown instanceof PosternError)) {
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
    return fatalProblem(root, { file }, { message: `${file} cannot be loaded: ${message}` })
  }
  const at = thrown.at ?? { file }
  return fatalProblem(root, at, { code: thrown.code, message: thrown.message, hint: thrown.hint })
}
