import { z } from 'zod'
import { must } from '../errors/must.ts'
import { factsOf, type SettingFacts } from './setting.ts'
import { settingsSchema } from './settings.ts'

/** One setting in all its names: the row from which environment, flags, help and docs are made. */
export interface SettingRow extends SettingFacts {
  /** As in the config file: `thread.stallLimit`. */
  readonly path: string
  /** Absent where text cannot hold the value: tables and lists of lists. */
  readonly env?: string
  readonly kind: SettingKind
  /** What an `enum` may be. */
  readonly options?: readonly string[]
  readonly default: unknown
}

export type SettingKind = 'text' | 'number' | 'boolean' | 'list' | 'choice' | 'table'

/** In the order in which they are declared. */
export const settingRows: readonly SettingRow[] = Object.freeze(rowsOf(settingsSchema, []))

function rowsOf(schema: z.ZodObject, above: readonly string[]): SettingRow[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const path = [...above, key]
    const part = asType(value)
    const bare = unwrap(part)
    return bare instanceof z.ZodObject ? rowsOf(bare, path) : [rowOf(part, path)]
  })
}

function rowOf(schema: z.ZodType, path: readonly string[]): SettingRow {
  const facts = must(factsOf(schema), `the setting ${path.join('.')} was declared with setting()`)
  const bare = unwrap(schema)
  const kind = kindOf(bare)
  const { env = envName(path), ...rest } = facts
  return {
    ...rest,
    path: path.join('.'),
    ...(kind === 'table' ? {} : { env }),
    ...(bare instanceof z.ZodEnum ? { options: bare.options.map(String) } : {}),
    kind,
    default: schema.safeParse(undefined).data,
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrap(asType(schema.unwrap()))
  }
  return schema instanceof z.ZodPipe ? unwrap(asType(schema.in)) : schema
}

/** Zod types the insides of its wrappers by their core, which every class of it extends. */
function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema
  throw new TypeError('Not a schema')
}

function kindOf(schema: z.ZodType): SettingKind {
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodEnum) return 'choice'
  if (schema instanceof z.ZodArray) return 'list'
  return schema instanceof z.ZodRecord ? 'table' : 'text'
}

function envName(path: readonly string[]): string {
  const words = path.map((part) => part.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase())
  return `POSTERN_${words.join('_')}`
}
