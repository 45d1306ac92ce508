import { isPosternError, PosternError, type FieldError, type Place } from '../errors/postern-error.ts'
import type { ErrorCode } from '../errors/table.ts'

/** An error on its way between threads. What was not meant for the caller crosses as text for the log alone. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly detail: string
  readonly hint?: string
  readonly errors?: readonly FieldError[]
  readonly headers?: Readonly<Record<string, string>>
  readonly at?: Place
  /** The stack of what was really thrown, for the log. */
  readonly cause?: string
}

export function toErrorData(thrown: unknown): ErrorData {
  if (!isPosternError(thrown)) {
    return { code: 'INTERNAL', detail: 'Something went wrong on our side.', cause: describeThrown(thrown) }
  }
  return {
    code: thrown.code,
    detail: thrown.message,
    hint: thrown.hint,
    ...(thrown.errors.length > 0 ? { errors: thrown.errors.map(({ path, message }) => ({ path, message })) } : {}),
    headers: { ...thrown.headers },
    ...(thrown.at ? { at: { ...thrown.at } } : {}),
    ...(thrown.cause === undefined ? {} : { cause: describeThrown(thrown.cause) }),
  }
}

export function fromErrorData({ code, detail, cause, ...extras }: ErrorData): PosternError {
  return new PosternError(code, detail, { ...extras, ...(cause === undefined ? {} : { cause: siteError(cause) }) })
}

/** The stack, or whatever text can be had: what is thrown may be null, cyclic, or a proxy that throws when looked at. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return describeError(thrown)
    if (typeof thrown === 'function' || typeof thrown === 'symbol' || typeof thrown === 'bigint')
      return `Thrown: ${String(thrown).slice(0, 500)}`
    return `Thrown: ${JSON.stringify(thrown) ?? String(thrown)}`.slice(0, 2_000)
  } catch {
    return `Thrown: a ${typeof thrown} that cannot be described`
  }
}

function describeError(error: Error): string {
  const stack = typeof error.stack === 'string' ? error.stack : `${error.name}: ${error.message}`
  const { cause } = error
  return cause === undefined || cause === error
    ? stack
    : `${stack}\n  caused by ${describeThrown(cause)}`.slice(0, 8_000)
}

/** An error with the stack of the other thread. */
function siteError(text: string): Error {
  const error = new Error(text.split('\n', 1)[0])
  error.stack = text
  return error
}
