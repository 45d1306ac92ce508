/**
 * The plain words of a text, for searching: accents and case folded, every word in a to z and digits, so that each
 * database takes them alike. Letters of other scripts are spelled by their numbers; scripts without spaces give one word
 * for each character.
 */
export function wordsOf(text: string, most = mostWords): string[] {
  const words: string[] = []
  // Plain text is the common case and needs no folding (bench: create).
  if (isPlain(text))
    return (
      text
        .slice(0, longestText)
        .toLowerCase()
        .match(/[a-z0-9]+/g) ?? []
    )
      .slice(0, most)
      .map((word) => word.slice(0, longestWord))
  for (const [found] of folded(text.slice(0, longestText)).matchAll(wordPattern)) {
    if (words.length >= most) break
    words.push(spelled(found).slice(0, longestWord))
  }
  return words
}

/** What somebody looks for: words, of which those that end in `*` stand for all that begin so. Empty where nothing in it is a word. */
export function soughtWords(query: string): string {
  if (oneWord.test(query)) return query
  const words = query
    .slice(0, longestQuery)
    .split(/\s+/)
    .flatMap((part) => {
      const found = wordsOf(part)
      const last = found.at(-1)
      return part.endsWith('*') && last !== undefined ? [...found.slice(0, -1), `${last}*`] : found
    })
  return [...new Set(words)].slice(0, mostSought).join(' ')
}

/** Text without its markup. */
export function withoutTags(html: string): string {
  return html.replaceAll(/<[^<>]*>/g, ' ').replaceAll(/&[a-z]{1,8};|&#\d{1,7};/gi, ' ')
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e\s]*$/.test(text)
}

function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
  return plain.replaceAll(/[ßæøœðþłđ]/g, (letter) => letters[letter] ?? letter)
}

function spelled(word: string): string {
  if (/^[a-z0-9]+$/.test(word)) return word
  return Array.from(word, (sign) =>
    /[a-z0-9]/.test(sign) ? sign : `u${(sign.codePointAt(0) ?? 0).toString(36)}`,
  ).join('')
}

const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe', ð: 'd', þ: 'th', ł: 'l', đ: 'd' }
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`
const wordPattern = new RegExp(String.raw`[${unspaced}]|(?:(?![${unspaced}])[\p{L}\p{N}])+`, 'gu')
const longestText = 200_000
const longestWord = 60
/** What is mostly looked for is one plain word, and stands as it is (bench: words). */
const oneWord = new RegExp(String.raw`^[a-z0-9]{1,${longestWord}}$`)
const longestQuery = 500
const mostWords = 20_000
const mostSought = 20
