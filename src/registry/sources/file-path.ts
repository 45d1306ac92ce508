import { isVerb, type Verb } from '../../endpoint/method.ts'

/** What the place of a file says of its endpoint. */
export interface FilePath {
  readonly path: string
  /** From the name: `custom.get.ts`. */
  readonly verb: Verb | undefined
  readonly public: boolean
}

const wordsOfHttp = new Set(['HEAD', 'OPTIONS', 'TRACE', 'CONNECT'])

/** `public/custom.get.ts` → GET /api/public/custom. Throws an Error that says what is wrong with a name. */
export function readFilePath(base: string, file: string): FilePath {
  const parts = file.replace(/\.m?[tj]s$/, '').split('/')
  const { name, verb } = splitVerb(parts.pop() ?? '')
  const segments = [...parts, ...(name === 'index' ? [] : [name])]
  const written = segments.map((segment, index) => readSegment(segment, index === segments.length - 1))
  return { path: [base, ...written].join('/'), verb, public: parts[0] === 'public' }
}

/** The last part of a name is a verb or belongs to the name; it never is both. */
function splitVerb(name: string): { name: string; verb: Verb | undefined } {
  const dot = name.lastIndexOf('.')
  const word = name.slice(dot + 1).toUpperCase()
  if (dot <= 0) return { name, verb: undefined }
  if (wordsOfHttp.has(word))
    throw new Error(`${word} cannot be claimed: HEAD follows GET, and the others are answered by the server`)
  return isVerb(word) ? { name: name.slice(0, dot), verb: word } : { name, verb: undefined }
}

function readSegment(segment: string, last: boolean): string {
  const rest = /^\[\.\.\.(\w+)\]$/.exec(segment)?.[1]
  if (rest !== undefined && !last)
    throw new Error(`"${segment}" takes the rest of a path, so nothing can come after it`)
  if (rest !== undefined) return `*${rest}`
  const param = /^\[(\w+)\]$/.exec(segment)?.[1]
  if (param !== undefined) return `:${param}`
  if (!/^[\w.~-]+$/.test(segment)) {
    throw new Error(
      `${JSON.stringify(segment)} cannot be a part of a path: use letters, digits, "-", "_", ".", "~", [name] or [...name]`,
    )
  }
  return segment
}
