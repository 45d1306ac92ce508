import { z } from 'zod'

/** What a setting is beside its schema. */
export interface SettingFacts {
  /** One sentence for the help and the docs. */
  readonly doc: string
  /** Where it differs from the name that the path gives, `POSTERN_THREAD_STALL_LIMIT` for `thread.stallLimit`. */
  readonly env?: string
  /** The command line flag, without dashes; absent: none. */
  readonly flag?: string
  /** Holds a password or key: never printed. */
  readonly secret?: boolean
}

const known = z.registry<SettingFacts>()

/** Declares a setting. To be called last: a schema derived from the result is another schema, without the facts. */
export function setting<S extends z.ZodType>(schema: S, facts: SettingFacts): S {
  known.add(schema, facts)
  return schema
}

export function factsOf(schema: z.ZodType): SettingFacts | undefined {
  return known.get(schema)
}
