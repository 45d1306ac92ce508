import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A frame of a stack: the file's URL or path, and the line counted from 1. */
export interface Frame {
  readonly url: string
  readonly line: number
}

/** The frames of an error's stack that name a file, innermost first. */
export function framesOfStack(stack: string): readonly Frame[] {
  const lines = stack.matchAll(/(?:\(|at )((?:file:\/\/)?\/[^()\n]*?|[A-Za-z]:\\[^()\n]*?):(\d+):\d+\)?$/gm)
  return [...lines].map(([, url = '', line]) => ({ url, line: Number(line) }))
}

/** The frame's file relative to the site, with `/`; `undefined` for a file that is not the site's own. */
export function siteFile(root: string, { url }: Frame): string | undefined {
  const path = relative(root, pathOf(url))
  if (path === '' || path.startsWith('..') || path.includes('node_modules')) return undefined
  return path.split(sep).join('/')
}

function pathOf(url: string): string {
  const plain = url.replace(/[?#].*$/, '')
  return plain.startsWith('file:') ? fileURLToPath(plain) : plain
}
