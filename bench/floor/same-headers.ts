/** The headers that every Postern answer carries; the floor pays for sending them too. Kept true by answers-alike.test.ts. */
export const keepAliveTimeout = 72_000

const boot = Math.random().toString(36).slice(2, 8).padEnd(6, '0')
let count = 0

export function sameHead(type: string, length: number): string[] {
  count += 1
  return [
    'x-request-id',
    `${boot}-${count.toString(36)}`,
    'content-type',
    type,
    'x-content-type-options',
    'nosniff',
    'referrer-policy',
    'no-referrer',
    'cross-origin-opener-policy',
    'same-origin',
    'x-frame-options',
    'DENY',
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'",
    'cache-control',
    'private, no-cache',
    'content-length',
    String(length),
  ]
}
