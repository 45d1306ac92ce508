import { randomBytes } from 'node:crypto'

/** A slug from a title: its words in plain letters. Empty where the title has none. */
export function slugify(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
  const words = plain
    .replaceAll(/ß/g, 'ss')
    .replaceAll(/æ/g, 'ae')
    .replaceAll(/ø/g, 'o')
    .replaceAll(/[^a-z0-9]+/g, '-')
  const slug = words.slice(0, longest).replaceAll(/^-|-$/g, '')
  return /[a-z]/.test(slug) ? slug : ''
}

/** Not to be confused with any other; a slug always holds a letter, so that it is never taken for an id. */
export function withSuffix(base: string): string {
  return `${base}-x${randomBytes(6).toString('hex')}`
}

const longest = 80
