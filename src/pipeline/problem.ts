import type { PosternError } from '../errors/postern-error.ts'
import type { Answer } from './answer.ts'

/** The error as `application/problem+json` (RFC 9457), with our `code`, `hint` and `errors`. */
export function problem(error: PosternError, id: string): Answer {
  const body = {
    type: `https://postern.dev/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance: `urn:postern:request:${id}`,
    code: error.code,
    hint: error.hint,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
  }
  const headers: Record<string, string> = { ...error.headers, 'content-type': 'application/problem+json' }
  if (error.status === 401) headers['www-authenticate'] = 'Bearer'
  return { status: error.status, headers, body: JSON.stringify(body) }
}
