import { errorTable, type ErrorCode } from './table.ts'

/** One thing wrong with one part of the input; `path` is where (`body.title`, `query.page`), never a value. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** A place in a site's own files. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface ErrorExtras {
  readonly hint?: string
  readonly errors?: readonly FieldError[]
  /** Headers the answer must carry, such as `allow` or `retry-after`; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly at?: Place
  readonly cause?: unknown
}

/** The one error that is meant for the caller: whatever else is thrown is answered as INTERNAL and only logged. */
export class PosternError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly title: string
  readonly hint: string
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>
  readonly at: Place | undefined

  constructor(code: ErrorCode, detail: string, extras: ErrorExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause })
    const row = errorTable[code]
    this.name = 'PosternError'
    this.code = code
    this.status = row.status
    this.title = row.title
    this.hint = extras.hint ?? row.hint
    this.errors = extras.errors ?? []
    this.headers = extras.headers ?? {}
    this.at = extras.at
  }
}

/** Whether it is ours; a handler may throw a Proxy whose traps throw when it is so much as looked at, and that is not. */
export function isPosternError(thrown: unknown): thrown is PosternError {
  try {
    return thrown instanceof PosternError
  } catch {
    return false
  }
}

/** `file:line:column`, as much of it as is known. */
export function placeText(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}
