import { z } from 'zod'

/**
 * Names and addresses as they are compared: compatibility forms and case folded away, so that two spellings a reader
 * takes for one are one. Upper case first, since it folds letters (ß) that lower case keeps.
 */
export function identityKey(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}

/** A name holds no `@`, so it is never somebody's e-mail; nor is it a number, so it is never somebody's id. */
export const userName = z
  .string()
  .normalize('NFKC')
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._ -]*$/u, 'Letters, digits, and ". _ -" between them')
  .regex(/\p{L}/u, 'At least one letter')
  .refine((name) => !/ $| {2}/.test(name), 'No space at the end and no two in a row')
  .refine(isOneScript, 'Letters of one script only, since look-alike letters of another deceive')

export const emailAddress = z.string().min(1).max(254).pipe(z.email())

/** Japanese and Korean are written in several scripts at once; everything else counts as deceit. */
function isOneScript(name: string): boolean {
  const letters = name.replaceAll(/[^\p{L}]/gu, '')
  return scripts.some((script) => script.test(letters))
}

const scripts = [
  /^\p{Script=Latin}*$/u,
  /^\p{Script=Cyrillic}*$/u,
  /^\p{Script=Greek}*$/u,
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}ー]*$/u,
  /^[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]*$/u,
]
