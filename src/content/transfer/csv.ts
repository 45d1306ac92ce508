/** The records of a CSV text that comes in pieces (RFC 4180, with line ends of any kind). A quote that never ends is an error. */
export async function* csvRecords(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  const reader = new CsvReader()
  for await (const piece of pieces) {
    for (const sign of piece) {
      const record = reader.read(sign)
      if (record !== undefined) yield record
    }
  }
  const rest = reader.end()
  if (rest !== undefined) yield rest
}

/** Takes one sign after the other, and gives a record where one ends. */
class CsvReader {
  #record: string[] = []
  #cell = ''
  #quote: 'none' | 'open' | 'closed' = 'none'
  #last = ''

  read(sign: string): string[] | undefined {
    const last = this.#last
    this.#last = sign
    if (this.#quote === 'open') return this.#inside(sign)
    if (sign === '"' && this.#quote === 'closed') return this.#add('"', 'open')
    if (sign === '"' && this.#cell === '') return this.#add('', 'open')
    if (sign === ',') return this.#endCell()
    if (sign === '\n' && last === '\r') return undefined
    return sign === '\n' || sign === '\r' ? this.#endRecord() : this.#add(sign, this.#quote)
  }

  end(): string[] | undefined {
    if (this.#quote === 'open') throw new SyntaxError('The last quoted cell has no end')
    return this.#cell !== '' || this.#record.length > 0 ? this.#endRecord() : undefined
  }

  #inside(sign: string): undefined {
    return sign === '"' ? this.#add('', 'closed') : this.#add(sign, 'open')
  }

  #add(text: string, quote: 'none' | 'open' | 'closed'): undefined {
    this.#cell += text
    this.#quote = quote
    return undefined
  }

  #endCell(): undefined {
    this.#record.push(this.#cell)
    this.#cell = ''
    this.#quote = 'none'
    return undefined
  }

  /** A line without anything is no record. */
  #endRecord(): string[] | undefined {
    this.#endCell()
    const record = this.#record
    this.#record = []
    return record.length > 1 || record[0] !== '' ? record : undefined
  }
}

/** A record as a line. Text that a spreadsheet would take for a formula begins with an apostrophe: one more than it had. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** What `csvLine` did to text that looked like a formula, undone. */
export function plainCell(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
