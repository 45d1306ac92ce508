import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Secrets that Postern hands out: a prefix that says what the secret opens, 256 random bits, and a checksum, so that
 * scanners can spot a leaked one and a mistyped one costs no query. Shown once; kept only as `digest`.
 */
export const secretKinds = {
  token: 'pat_',
  access: 'psa_',
  refresh: 'psr_',
  cookie: 'psc_',
  device: 'psd_',
  link: 'pl_',
} as const

export type SecretKind = keyof typeof secretKinds

const randomLength = 43
const checkLength = 6

export function newSecret(kind: SecretKind): string {
  const open = secretKinds[kind] + randomBytes(32).toString('base64url')
  return open + checkOf(open)
}

/** What the text opens, or `undefined` where Postern cannot have made it. */
export function kindOfSecret(text: string): SecretKind | undefined {
  const kind = kindByPrefix.get(text.slice(0, text.indexOf('_') + 1))
  if (kind === undefined || text.length !== secretKinds[kind].length + randomLength + checkLength) return undefined
  const split = text.length - checkLength
  return sameSecret(checkOf(text.slice(0, split)), text.slice(split)) ? kind : undefined
}

/** What is stored in place of a secret. Plain SHA-256 is enough: 256 random bits cannot be guessed from it. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** The one comparison of secrets in the house: its time depends on neither value. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
}

const kindByPrefix = new Map<string, SecretKind>(
  (Object.keys(secretKinds) as SecretKind[]).map((kind) => [secretKinds[kind], kind]),
)

function checkOf(open: string): string {
  return hash('sha256', open, 'base64url').slice(0, checkLength)
}
