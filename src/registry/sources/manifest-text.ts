/** JSON with the place of every name in it. Throws `ManifestTextError` where it is not exactly JSON, or says a name twice. */
export function readManifestText(text: string): ManifestText {
  const clean = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text
  const reader = new Reader(clean)
  reader.readAll()
  const places = reader.places
  return {
    value: JSON.parse(clean) as unknown,
    placeOf: (...path) => {
      for (let length = path.length; length > 0; length--) {
        const at = places.get(path.slice(0, length).join('\0'))
        if (at !== undefined) return positionOf(clean, at)
      }
      return { line: 1, column: 1 }
    },
  }
}

export interface ManifestText {
  readonly value: unknown
  /** Where the name at the end of the path is written; failing that, the nearest one above it. */
  readonly placeOf: (...path: readonly string[]) => Position
}

export interface Position {
  readonly line: number
  readonly column: number
}

export class ManifestTextError extends Error {
  readonly position: Position

  constructor(text: string, index: number, message: string) {
    super(message)
    this.position = positionOf(text, index)
  }
}

function positionOf(text: string, index: number): Position {
  const before = text.slice(0, index).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

const deepest = 50
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const space = /[ \t\n\r]*/y

/** Walks the text once; what it lets pass is JSON. */
class Reader {
  readonly places = new Map<string, number>()
  readonly #text: string
  readonly #path: string[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  readAll(): void {
    this.#value()
    if (this.#peek() !== '') this.#fail('The file ends here, but more text follows.')
  }

  #value(): void {
    const char = this.#peek()
    if (this.#path.length > deepest) this.#fail(`The file is nested deeper than ${deepest} levels.`)
    if (char === '{') this.#object()
    else if (char === '[') this.#array()
    else if (char === '"') this.#string()
    else if (this.#take(plain) === undefined) this.#fail(complaintAbout(char))
  }

  #object(): void {
    const names = new Set<string>()
    this.#group('}', () => {
      if (this.#peek() !== '"') this.#fail('A name in double quotes is expected here.')
      const at = this.#at
      const name = String(JSON.parse(this.#string()))
      if (names.has(name)) this.#fail(`The name ${JSON.stringify(name)} is given twice.`, at)
      names.add(name)
      if (this.#peek() !== ':') this.#fail(`A colon is expected after the name ${JSON.stringify(name)}.`)
      this.#at++
      this.#inside(name, at)
    })
  }

  #array(): void {
    let index = 0
    this.#group(']', () => this.#inside(String(index++), this.#at))
  }

  #inside(name: string, at: number): void {
    this.#path.push(name)
    this.places.set(this.#path.join('\0'), at)
    this.#value()
    this.#path.pop()
  }

  /** Items between brackets, with commas between them and none after the last. */
  #group(end: string, item: () => void): void {
    this.#at++
    if (this.#peek() === end) return void this.#at++
    for (;;) {
      item()
      const char = this.#peek()
      if (char === end) return void this.#at++
      if (char !== ',') this.#fail(`A comma or "${end}" is expected here.`)
      this.#at++
      if (this.#peek() === end) this.#fail(`There is a comma too many before this "${end}".`)
    }
  }

  #string(): string {
    return this.#take(quoted) ?? this.#fail('This text is not closed, or holds a character that must be escaped.')
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #peek(): string {
    this.#take(space)
    return this.#text.charAt(this.#at)
  }

  #fail(message: string, at = this.#at): never {
    throw new ManifestTextError(this.#text, at, message)
  }
}

function complaintAbout(char: string): string {
  if (char === '') return 'The file ends too early.'
  if (/[a-z_'$]/i.test(char)) return 'A value is expected here; text stands in double quotes.'
  return char === '}' || char === ']' || char === ','
    ? `A value is missing before this "${char}".`
    : 'A value is expected here.'
}
