import type { z } from 'zod'
import { PosternError, type FieldError } from '../errors/postern-error.ts'

/**
 * Input about people. What can be no such value at all (another type, missing, empty, over-long) is BAD_BODY, an unknown
 * name is UNKNOWN_FIELD, and a value that breaks a rule is INVALID. Values are never repeated in the answer.
 */
export function parseInput<Value>(schema: z.ZodType<Value>, input: unknown, root = 'body'): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const errors = issues.flatMap((issue) => fieldErrors(issue, root))
  const named = errors.map((error) => error.path).join(', ')
  if (issues.some((issue) => issue.code === 'unrecognized_keys')) {
    throw new PosternError('UNKNOWN_FIELD', `Not a field of this endpoint: ${named}.`, { errors })
  }
  if (issues.some(isMalformed)) {
    throw new PosternError('BAD_BODY', `Not usable: ${named}.`, {
      errors,
      hint: 'See `errors`: each entry names a field and what it takes.',
    })
  }
  throw new PosternError('INVALID', `Not accepted: ${named}.`, { errors })
}

function isMalformed(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'too_small') return issue.minimum === 1
  return (
    issue.code === 'invalid_type' ||
    issue.code === 'too_big' ||
    issue.code === 'invalid_value' ||
    issue.code === 'invalid_union'
  )
}

function fieldErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: `${root}.${key}`, message: 'Unknown field' }))
  }
  return [{ path: [root, ...issue.path.map(String)].join('.'), message: issue.message }]
}
