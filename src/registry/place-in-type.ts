import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../errors/postern-error.ts'
import type { SiteFolder } from './site-folder.ts'

/** The line of something that a type says, as far as that can be told from the text; else where its type is. */
export function placeInType(
  site: Pick<SiteFolder, 'root'>,
  origin: Place,
  lineIn: (text: string, after: number | undefined) => number | undefined,
): Place {
  try {
    const line = lineIn(readFileSync(join(site.root, origin.file), 'utf8'), origin.line)
    return line === undefined ? origin : { file: origin.file, line }
  } catch {
    return origin
  }
}
