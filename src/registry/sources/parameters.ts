export interface Parameters {
  /** Declared parameters before `...rest`; a destructured one is named for its position. */
  readonly names: readonly string[]
  readonly rest: boolean
}

const open = '([{'
const close = ')]}'

/**
 * The parameters a function declares, those with a default included (`length` leaves them out); read from its text. What is no
 * function takes anything.
 */
export function parametersOf(fn: unknown): Parameters {
  if (typeof fn !== 'function') return { names: [], rest: true }
  const text = Function.prototype.toString.call(fn)
  const list = textOfParameters(text)
  if (list === undefined)
    return { names: Array.from({ length: fn.length }, (_, index) => `arg${index + 1}`), rest: false }
  const parts = splitAtCommas(list)
  const rest = parts.at(-1)?.startsWith('...') ?? false
  return { names: (rest ? parts.slice(0, -1) : parts).map(nameOf), rest }
}

/** What stands between the first pair of parentheses; an arrow function's only parameter may stand without. */
function textOfParameters(text: string): string | undefined {
  if (text.includes('[native code]')) return undefined
  const bare = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/.exec(text)?.[1]
  if (bare !== undefined) return bare
  const start = text.startsWith('[') ? text.indexOf('](') + 1 : text.indexOf('(')
  const end = start < 0 ? -1 : endOfGroup(text, start)
  return end < 0 ? undefined : text.slice(start + 1, end)
}

function splitAtCommas(list: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let index = 0; index < list.length; index++) {
    if (list[index] === ',') {
      parts.push(list.slice(from, index))
      from = index + 1
    } else index = skip(list, index)
  }
  parts.push(list.slice(from))
  return parts.map(withoutComments).filter((part) => part !== '')
}

/** The index of the bracket that closes the one at `start`; -1 where there is none. */
function endOfGroup(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (close.includes(text.charAt(index))) return index
    index = skip(text, index)
  }
  return -1
}

/** The last index of the group, text or comment that begins here; the index itself elsewhere. */
function skip(text: string, index: number): number {
  const char = text.charAt(index)
  if (open.includes(char)) return endOrLast(text, endOfGroup(text, index))
  if (`'"\``.includes(char)) return endOrLast(text, endOfQuote(text, index))
  if (text.startsWith('/*', index)) return endOrLast(text, text.indexOf('*/', index + 2) + 1)
  if (text.startsWith('//', index)) return endOrLast(text, text.indexOf('\n', index))
  return index
}

function endOrLast(text: string, end: number): number {
  return end <= 0 ? text.length : end
}

function endOfQuote(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text[index] !== text[start]) index += text[index] === '\\' ? 2 : 1
  return index
}

function withoutComments(part: string): string {
  return part
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\/\/[^\n]*/g, '')
    .trim()
}

function nameOf(part: string, index: number): string {
  return /^[A-Za-z_]\w*/.exec(part)?.[0] ?? `arg${index + 1}`
}
