import type { TypeData } from '../content/define-type.ts'
import type { FieldKindName } from '../content/field.ts'
import { columnOf, fieldKinds } from '../content/field-kinds.ts'
import { fieldShape, type FieldShape } from '../content/field-shape.ts'
import type { KeptTable } from '../store/keeping.ts'
import type { Column, ColumnType, Table } from '../store/table.ts'
import { shapeText, type TypeShape } from './step.ts'

/** The fields of every type, by name: of the site's code, of its files, or of a database. */
export type Shapes = ReadonlyMap<string, TypeShape>

export function shapesOf(types: readonly TypeData[]): Shapes {
  return new Map(types.map(({ name, fields }) => [name, mapped(fields, (field) => fieldShape(field))]))
}

/**
 * What a database remembers. One that was last brought up before kinds were remembered is believed to hold what is
 * `wanted` wherever the column could.
 */
export function shapesKept(kept: readonly KeptTable[], wanted: Shapes): Shapes {
  const own = kept.filter(({ room, table }) => room === 'content' && table.name.startsWith(prefix))
  return new Map(
    own.map(({ table }) => {
      const type = table.name.slice(prefix.length)
      const { id: _id, ...columns } = table.columns
      return [type, mapped(columns, (column, name) => keptShape({ table, name, column }, wanted.get(type)?.[name]))]
    }),
  )
}

export function tableName(type: string): string {
  return `${prefix}${type}`
}

export function isSame(one: FieldShape, other: FieldShape): boolean {
  return shapeText(one) === shapeText(other)
}

/** Whether values of the one are kept as values of the other are, kind aside. */
export function isSameKind(one: FieldShape, other: FieldShape): boolean {
  return one.kind === other.kind && (one.multiple ?? false) === (other.multiple ?? false)
}

const prefix = 'type_'

interface NamedColumn {
  readonly table: Table
  readonly name: string
  readonly column: Column
}

/** Indexes are those that there are: a column that was kept from dropping has lost its own. */
function keptShape({ table, name, column }: NamedColumn, wanted: FieldShape | undefined): FieldShape {
  const own = (table.indexes ?? []).filter(({ columns }) => columns[0] === name)
  const indexes = { unique: own.some(({ unique }) => unique === true), index: own.length > 0 }
  const { note } = column
  if (note !== undefined) return fieldShape({ kind: kindOf(note['kind'], column.type), ...flags(note), ...indexes })
  if (wanted !== undefined && columnOf(wanted) === column.type) return fieldShape({ ...wanted, ...indexes })
  return fieldShape({ kind: kindOf(undefined, column.type), ...indexes })
}

function flags(note: NonNullable<Column['note']>): Pick<FieldShape, 'multiple' | 'required'> {
  return { multiple: note['multiple'] === true, required: note['required'] === true }
}

function kindOf(noted: unknown, type: ColumnType): FieldKindName {
  if (typeof noted === 'string' && isKind(noted)) return noted
  return isKind(type) ? type : 'text'
}

function isKind(name: string): name is FieldKindName {
  return Object.hasOwn(fieldKinds, name)
}

function mapped<Value, Result>(
  values: Readonly<Record<string, Value>>,
  make: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value, name)]))
}
