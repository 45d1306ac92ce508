import { PosternError } from '../errors/postern-error.ts'
import { compile, type Compiled, type Tables } from './compile.ts'
import type { Dialect } from './dialect.ts'
import type { Plan, Row } from './port.ts'
import { matchText } from './search-sql.ts'
import { shapeOf } from './shape.ts'
import { assertNames, type Schema, type Table } from './table.ts'

/** Compiled plans by shape, and the tables they speak of. One for each database in each thread. */
export class Statements {
  readonly dialect: Dialect
  readonly #tables = new Map<string, Table>()
  readonly #compiled = new Map<string, Compiled>()

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  get tables(): Tables {
    return this.#tables
  }

  declare(schemas: readonly Schema[]): void {
    for (const table of schemas.flatMap((schema) => schema.tables)) {
      assertNames(table)
      this.#tables.set(table.name, table)
    }
    this.#compiled.clear()
  }

  /** The compiled plan; its values are put into `values`. Common case: the shape is known (bench: list, read). */
  of(plan: Plan, values: unknown[]): Compiled {
    const shape = shapeOf(plan, values)
    const known = this.#compiled.get(shape)
    if (known !== undefined) return known
    const compiled = compile(plan, this.dialect, this.#tables)
    keepWithin(this.#compiled, mostShapes)
    this.#compiled.set(shape, compiled)
    return compiled
  }
}

/** Drops the oldest entry once a cache is full: shapes come from query strings, so their number must be bounded. */
export function keepWithin(cache: Map<unknown, unknown>, most: number): void {
  if (cache.size < most) return
  const oldest = cache.keys().next()
  if (oldest.done !== true) cache.delete(oldest.value)
}

/** The values in the order of the placeholders, written as JSON where the column wants it. */
export function bound<Encoded>(
  compiled: Compiled,
  values: readonly unknown[],
  encode: (value: unknown) => Encoded,
): Encoded[] {
  const input: Encoded[] = []
  for (const { from, as } of compiled.bind)
    input.push(encode(as === 'value' ? storable(values[from]) : written(values[from], as, compiled.dialect)))
  return input
}

function written(value: unknown, as: 'json' | 'words', dialect: Dialect): unknown {
  if (as === 'words') return matchText(String(value), dialect)
  return value === null || value === undefined ? value : JSON.stringify(value)
}

/** Refuses what only some databases can keep: NUL characters, halves of characters, numbers that are none. */
function storable(value: unknown): unknown {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw new PosternError('INVALID', 'Text cannot hold a NUL character or half of a surrogate pair')
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new PosternError('INVALID', `${value} is not a number`)
  return value
}

/** A plain object from a row of values; decoded columns are few, so the others are taken as they are. */
export function decoded(compiled: Compiled, row: readonly unknown[]): Row {
  const object: Row = {}
  const { columns } = compiled
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]
    if (column !== undefined) object[column.name] = decodedValue(column.type, row[index])
  }
  return object
}

function decodedValue(type: Compiled['columns'][number]['type'], value: unknown): unknown {
  if (type === 'json') return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
  if (type === 'boolean') return value === null ? null : value === 1 || value === true
  return value
}

const mostShapes = 2000
