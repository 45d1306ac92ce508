import { PosternError } from '../errors/postern-error.ts'

const maxDepth = 100
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** JSON from outside. Refuses (BAD_BODY) bad UTF-8, bad JSON, more than 100 levels, repeated names and names that reach into prototypes. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes)
  refuseAmbiguous(text)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new PosternError('BAD_BODY', `The body is not JSON: ${jsonComplaint(cause)}.`, { cause })
  }
}

/** Text from outside, refused (BAD_BODY) where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new PosternError('BAD_BODY', 'The body is not UTF-8.', { cause })
  }
}

function jsonComplaint(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  const position = /position (\d+)/.exec(message)
  return position ? `unexpected text at character ${position[1]}` : 'it ends too early or is empty'
}

/** Walks the structure once; what is not JSON at all is left for the parser to name. */
function refuseAmbiguous(text: string): void {
  const names: (Set<string> | undefined)[] = []
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index)
    if (char === 0x7b || char === 0x5b) {
      names.push(char === 0x7b ? new Set() : undefined)
      if (names.length > maxDepth)
        throw new PosternError('BAD_BODY', `The body is nested deeper than ${maxDepth} levels.`)
    } else if (char === 0x7d || char === 0x5d) {
      names.pop()
    } else if (char === 0x22) {
      const end = endOfString(text, index)
      const seen = names.at(-1)
      if (seen && isName(text, end)) refuseName(text.slice(index, end + 1), seen)
      index = end
    }
  }
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== 0x22) index += text.charCodeAt(index) === 0x5c ? 2 : 1
  return index
}

/** A string followed by a colon is a name. */
function isName(text: string, end: number): boolean {
  let index = end + 1
  while (text.charCodeAt(index) <= 0x20) index++
  return text.charCodeAt(index) === 0x3a
}

function refuseName(quoted: string, seen: Set<string>): void {
  const name = quoted.includes('\\') ? unescape(quoted) : quoted.slice(1, -1)
  if (forbidden.has(name))
    throw new PosternError('BAD_BODY', `The name ${JSON.stringify(name)} is not allowed in a body.`)
  if (seen.has(name)) throw new PosternError('BAD_BODY', `The name ${JSON.stringify(name)} is given more than once.`)
  seen.add(name)
}

function unescape(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}
