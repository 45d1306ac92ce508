import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A frame of a stack: the file's URL or path, and the line counted from 1. */
export interface Frame {
  readonly url: string
  readonly line: number
}

/** The frames of an error's stack that name a file, innermost first. */
export function framesOfStack(stack: string): readonly Frame[] {
  return stack.split('\n').flatMap(frameOfLine)
}

/** A message may hold lines of any length, which whoever called can have written; a frame's is short. */
function frameOfLine(text: string): Frame[] {
  if (text.length > longestLine) return []
  const [, url, line] = /(?:\(|at )((?:file:\/\/)?\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):\d+\)?$/.exec(text) ?? []
  return url === undefined ? [] : [{ url, line: Number(line) }]
}

const longestLine = 1_000

/** The frame's file relative to the site, with `/`; `undefined` for a file that is not the site's own. */
export function siteFile(root: string, { url }: Frame): string | undefined {
  const path = relative(root, pathOf(url))
  if (path === '' || path.startsWith('..') || path.includes('node_modules')) return undefined
  return path.split(sep).join('/')
}

function pathOf(url: string): string {
  const [plain = ''] = url.split(/[?#]/, 1)
  return plain.startsWith('file:') ? fileURLToPath(plain) : plain
}
