/**
 * Headers that every answer carries unless it says otherwise. Answers are data: nothing in them may be run, framed or
 * guessed to be another type, and no shared cache may keep what a credential opened.
 */
export const standingHeaders: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cache-control', 'private, no-cache'],
]
