import { defineType } from '../../src/content/define-type.ts'
import { field } from '../../src/content/field.ts'
import type { MigrationFile } from '../../src/migrations/read-files.ts'
import type { TypeStep } from '../../src/migrations/step.ts'

/** The type as it is before the first file. */
export const typesNow = [
  defineType({
    name: 'book',
    fields: { pages: field.text(), one: field.text({ index: true }), code: field.integer() },
  }),
]

const text = { kind: 'text' } as const
const integer = { kind: 'integer' } as const

/** Tables are rebuilt, a column is renamed with its index, one comes and one goes: there, and the next file back again. */
const there: readonly TypeStep[] = [
  { do: 'change field', type: 'book', field: 'pages', from: text, to: integer },
  { do: 'rename field', type: 'book', field: 'one', to: 'two' },
  { do: 'add field', type: 'book', field: 'extra', as: { kind: 'text', required: true }, fill: 'x' },
  { do: 'change field', type: 'book', field: 'code', from: integer, to: { ...text, unique: true } },
]
const back: readonly TypeStep[] = [
  { do: 'change field', type: 'book', field: 'code', from: { ...text, unique: true }, to: integer },
  { do: 'drop field', type: 'book', field: 'extra', loses: true },
  { do: 'rename field', type: 'book', field: 'two', to: 'one' },
  { do: 'change field', type: 'book', field: 'pages', from: integer, to: text },
]

export function filesUpTo(count: number): readonly MigrationFile[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `2026-01-01T${String(index).padStart(4, '0')}-turn.json`
    return {
      name,
      steps: index % 2 === 0 ? there : back,
      checksum: String(index % 2),
      placeOf: () => ({ file: name }),
    }
  })
}

/** What a book must hold after so many files, by its number. */
export function bookAfter(count: number, number: number): Readonly<Record<string, unknown>> {
  return count % 2 === 0
    ? { pages: String(number), one: `one ${number}`, code: number }
    : { pages: number, two: `one ${number}`, extra: 'x', code: String(number) }
}
