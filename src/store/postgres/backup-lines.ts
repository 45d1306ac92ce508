import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { PosternError } from '../../errors/postern-error.ts'
import type { KeptTable } from '../keeping.ts'
import type { Row } from '../port.ts'
import type { Table } from '../table.ts'

/** Compressed lines of JSON: a head with the tables, for each table a line with its name and then one for each row, an end that counts. */
export type BackupLine =
  | { readonly postern: 'backup'; readonly format: 1; readonly at: string; readonly tables: readonly KeptTable[] }
  | { readonly table: string; readonly columns: readonly string[]; readonly lastId: number }
  | readonly unknown[]
  | { readonly rows: number }

export async function writeLines(file: string, lines: AsyncIterable<BackupLine>): Promise<void> {
  const text = Readable.from(spelled(lines), { objectMode: false })
  await pipeline(text, createGzip({ level: 3 }), createWriteStream(file))
}

export type BackupPart =
  | readonly KeptTable[]
  | { readonly table: string; readonly lastId: number }
  | { readonly table: string; readonly rows: readonly Row[] }

/** The tables, then for each its name and its rows in groups. Throws BAD_BACKUP where the file is no backup, or ends before its end. */
export async function* readLines(file: string): AsyncGenerator<BackupPart> {
  let tables: readonly KeptTable[] = []
  let table = ''
  let columns: readonly ColumnOfLine[] = []
  let group: Row[] = []
  let count = 0
  let isWhole = false
  for await (const line of parsed(file)) {
    if (Array.isArray(line)) {
      group.push(rowOf(columns, line))
      count++
    }
    if (group.length > 0 && (!Array.isArray(line) || group.length === mostInGroup)) {
      yield { table, rows: group }
      group = []
    }
    if ('tables' in line) yield (tables = line.tables)
    else if ('table' in line) {
      ;({ table } = line)
      columns = columnsOf(tables.find((one) => one.table.name === table)?.table, line.columns)
      yield { table, lastId: line.lastId }
    } else if ('rows' in line) isWhole = line.rows === count
  }
  if (!isWhole) throw new PosternError('BAD_BACKUP', `${file} ends too early; nothing was changed`)
}

interface ColumnOfLine {
  readonly name: string
  readonly isBytes: boolean
}

function rowOf(columns: readonly ColumnOfLine[], values: readonly unknown[]): Row {
  const row: Row = {}
  for (const [index, { name, isBytes }] of columns.entries())
    row[name] = isBytes ? unwrapped(values[index]) : values[index]
  return row
}

/** A value of any other column may look like bytes, and is none. */
function columnsOf(table: Table | undefined, names: readonly string[]): readonly ColumnOfLine[] {
  return names.map((name) => ({ name, isBytes: table?.columns?.[name]?.type === 'bytes' }))
}

/** Bytes are the one kind of value that JSON does not know. */
export function wrapped(value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value
}

function unwrapped(value: unknown): unknown {
  const found = bytes.safeParse(value)
  return found.success ? new Uint8Array(Buffer.from(found.data.$bytes, 'base64')) : value
}

async function* spelled(lines: AsyncIterable<BackupLine>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield text
}

async function* parsed(file: string): AsyncGenerator<z.infer<typeof lineSchema>> {
  const unpacked = createGunzip()
  const reading = pipeline(createReadStream(file), unpacked)
  reading.catch(() => {})
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) {
      yield lineSchema.parse(JSON.parse(line))
    }
    await reading
  } catch (cause) {
    throw new PosternError('BAD_BACKUP', `${file} cannot be read as a backup; nothing was changed`, { cause })
  }
}

const bytes = z.strictObject({ $bytes: z.base64() })
const kept = z.custom<KeptTable>(
  (value) => z.object({ room: z.string(), table: z.looseObject({ name: z.string() }) }).safeParse(value).success,
)
const lineSchema = z.union([
  z.array(z.unknown()),
  z.object({ postern: z.literal('backup'), format: z.literal(1), tables: z.array(kept) }),
  z.object({ table: z.string(), columns: z.array(z.string()), lastId: z.int() }),
  z.object({ rows: z.int() }),
])
const mostInGroup = 200
