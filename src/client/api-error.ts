import type { FieldError } from '../errors/postern-error.ts'
import type { ErrorCode } from '../errors/table.ts'

/** What the server refused, or why no answer came. `code` is permanent: decide on it, show `hint`. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'NETWORK' | 'UNKNOWN'
  /** 0 where no answer came. */
  readonly status: number
  readonly title: string
  readonly hint: string
  readonly errors: readonly FieldError[]
  /** Of the request, as in the server's log. */
  readonly instance: string

  constructor(problem: Partial<Omit<ApiError, 'message'>> & { readonly detail?: string }, cause?: unknown) {
    super(problem.detail ?? problem.title ?? 'The server did not say what went wrong.', { cause })
    this.name = 'ApiError'
    this.code = problem.code ?? 'UNKNOWN'
    this.status = problem.status ?? 0
    this.title = problem.title ?? ''
    this.hint = problem.hint ?? ''
    this.errors = problem.errors ?? []
    this.instance = problem.instance ?? ''
  }

  /** `if (ApiError.is(error, 'NOT_FOUND')) …` */
  static is<Code extends ApiError['code']>(error: unknown, code: Code): error is ApiError & { readonly code: Code } {
    return error instanceof ApiError && error.code === code
  }
}
