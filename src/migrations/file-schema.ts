import { z } from 'zod'
import type { FieldKindName } from '../content/field.ts'
import { fieldKinds } from '../content/field-kinds.ts'
import { sharedNames } from '../content/shared-fields.ts'

const name = z.string().regex(/^[a-z][a-z0-9_]{0,40}$/, 'must be lower-case words joined by "_"')
/** Of a field that is yet to be: what every object has is no type's own. */
const ownName = name.refine((one) => !sharedNames.includes(one), 'is what every object has already')
const kinds = Object.keys(fieldKinds) as [FieldKindName, ...FieldKindName[]]
const flag = z.literal(true).optional()
const shape = z.strictObject({
  kind: z.enum(kinds),
  multiple: flag,
  required: flag,
  unique: flag,
  index: flag,
})
const loses = z.literal(true, 'must say "loses": true, so that nobody loses values without having read it')
const fill = z.json().optional()

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('add type'), type: name, fields: z.record(ownName, shape) }),
  z.strictObject({ do: z.literal('add field'), type: name, field: ownName, as: shape, fill }),
  z.strictObject({ do: z.literal('change field'), type: name, field: name, from: shape, to: shape, fill }),
  z.strictObject({ do: z.literal('rename field'), type: name, field: name, to: ownName }),
  z.strictObject({ do: z.literal('drop field'), type: name, field: name, loses }),
  z.strictObject({ do: z.literal('rename type'), type: name, to: name }),
  z.strictObject({ do: z.literal('drop type'), type: name, loses }),
])

/** A file of `migrations/`, as it is written. */
export const fileSchema = z.strictObject({ about: z.string().optional(), steps: z.array(step).min(1) })

/** The kinds of steps there are, for whoever wrote another. */
export const stepKinds: readonly string[] = step.options.flatMap((option) => [...option.shape.do.values])
