/**
 * Whether it is a fetch `Response`. The mark that every Response has is looked for first: merely to name the class makes
 * Node load all of its fetch, which sites that never use it would pay for with their first answer.
 */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && Symbol.toStringTag in value && value instanceof Response
}
