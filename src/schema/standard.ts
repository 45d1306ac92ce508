import { z } from 'zod'
import type { FieldError } from '../errors/postern-error.ts'

/** Any Standard Schema (https://standardschema.dev): Zod, Valibot, ArkType and others. */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Verdict<Output> | Promise<Verdict<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type Verdict<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type JsonSchema = Readonly<Record<string, unknown>>

/** What a schema's validated value is. */
export type Output<S> = S extends Schema<infer Value> ? Value : never

export type Checked<Value> = { readonly value: Value } | { readonly errors: readonly FieldError[] }

/** The validated value, or what was wrong, each with its path below `root` (`body`, `query`, `params`). */
export function check<Value>(
  schema: Schema<Value>,
  value: unknown,
  root: string,
): Checked<Value> | Promise<Checked<Value>> {
  const verdict = schema['~standard'].validate(value)
  return verdict instanceof Promise ? verdict.then((late) => settle(late, root)) : settle(verdict, root)
}

/** JSON Schema of what the schema accepts, or `undefined` where its library cannot say. */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  if (!(schema instanceof z.ZodType)) return undefined
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: nameCoerced,
  })
  return rest
}

/** `z.coerce.number()` accepts anything, yet means a number: the description says so, and text is then checked as one. */
function nameCoerced({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: { type?: unknown } }): void {
  const { def } = zodSchema._zod
  if (
    'coerce' in def &&
    def.coerce === true &&
    jsonSchema.type === undefined &&
    (def.type === 'number' || def.type === 'boolean')
  ) {
    jsonSchema.type = def.type
  }
}

export function isSchema(value: unknown): value is Schema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
}

function settle<Value>(verdict: Verdict<Value>, root: string): Checked<Value> {
  if (verdict.issues === undefined) return verdict
  return { errors: verdict.issues.map((issue) => ({ path: pathText(root, issue), message: issue.message })) }
}

function pathText(root: string, issue: Issue): string {
  const keys = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
  return [root, ...keys].join('.')
}
