import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ObjectType } from '../object-types.ts'
import { fieldOf } from '../object-types.ts'
import { fieldKinds } from '../field-kinds.ts'
import { isNamedValues } from '../named-values.ts'
import { csvRecords, plainCell } from './csv.ts'

/** One thing to be imported, or why the line is none. */
export type ImportRecord =
  | { readonly line: number; readonly value: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly reason: string; readonly text: string }

/** The records of `x.ndjson`, `x.csv` or either with `.gz`, one at a time: a file may be larger than memory. `told` of the bytes of the file as they are read. */
export async function* readRecords(
  file: string,
  type: ObjectType,
  told: (bytes: number) => void = () => {},
): AsyncGenerator<ImportRecord> {
  const pieces = textOf(file, told)
  if (/\.csv(\.gz)?$/i.test(file)) yield* fromCsv(pieces, type)
  else yield* fromLines(pieces)
}

async function* textOf(file: string, told: (bytes: number) => void): AsyncGenerator<string> {
  const bytes = Readable.from(counted(createReadStream(file), told))
  const plain = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
  bytes.on('error', (error) => plain.destroy(error))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const piece of plain) yield decoder.decode(piece as Uint8Array, { stream: true })
  yield decoder.decode()
}

async function* counted(bytes: AsyncIterable<Buffer>, told: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    told(piece.length)
    yield piece
  }
}

async function* fromLines(pieces: AsyncIterable<string>): AsyncGenerator<ImportRecord> {
  let line = 0
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine)
      throw new SyntaxError(`Line ${line + lines.length + 1} is longer than ${longestLine} characters`)
    for (const text of lines) yield* parsed(text, ++line)
  }
  yield* parsed(rest, ++line)
}

function* parsed(text: string, line: number): Generator<ImportRecord> {
  if (text.trim() === '') return
  try {
    const value: unknown = JSON.parse(text)
    if (isNamedValues(value)) yield { line, value }
    else yield { line, reason: 'is no object', text }
  } catch {
    yield { line, reason: 'is not JSON', text }
  }
}

/** Cells are read as their fields' kinds write them; an empty cell is no value. */
async function* fromCsv(pieces: AsyncIterable<string>, type: ObjectType): AsyncGenerator<ImportRecord> {
  let names: readonly string[] | undefined
  let line = 0
  for await (const cells of csvRecords(pieces)) {
    line++
    if (names === undefined) {
      names = cells.map((cell, index) => (index === 0 ? cell.replace(/^\ufeff/, '') : cell).trim())
      continue
    }
    if (cells.length !== names.length) {
      yield { line, reason: `has ${cells.length} cells where the head has ${names.length}`, text: cells.join(',') }
      continue
    }
    yield { line, value: Object.fromEntries(names.flatMap((name, index) => cellOf(name, cells[index] ?? '', type))) }
  }
}

function cellOf(name: string, cell: string, type: ObjectType): [string, unknown][] {
  if (cell === '') return []
  const field = fieldOf(type, name)
  const text = plainCell(cell)
  if (field === undefined) return [[name, text]]
  const isJson = ['json', 'accessList', 'tags'].includes(field.kind) || field.multiple === true
  return [[name, isJson ? jsonOr(text) : fieldKinds[field.kind].fromText(text)]]
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const longestLine = 32_000_000
