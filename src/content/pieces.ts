/**
 * The pieces of a text, for finding any part of it: three characters from every place on, written in six plain letters, so
 * that every database takes them for words. Different characters may be written alike: what is found by its pieces is
 * only a candidate.
 */
export function piecesOf(texts: readonly unknown[]): string {
  const pieces = new Set<string>()
  for (const text of texts) {
    if (typeof text !== 'string') continue
    const codes = codesOf(text.slice(0, longestText))
    for (let at = 0; at < codes.length; at++)
      pieces.add(`${codes[at] ?? end}${codes[at + 1] ?? end}${codes[at + 2] ?? end}`)
  }
  return [...pieces].join(' ')
}

/** What the pieces of a text must hold for the text to hold this one; of one or two characters, how some piece begins. */
export function soughtPieces(text: string): string {
  const codes = codesOf(text)
  if (codes.length < 3) return `${codes.join('')}*`
  const pieces = codes.slice(0, -2).map((code, at) => `${code}${codes[at + 1] ?? end}${codes[at + 2] ?? end}`)
  return [...new Set(pieces)].slice(0, mostSought).join(' ')
}

/** Two letters for each UTF-16 unit. Only plain letters lose their case, as in every comparison by pattern. */
function codesOf(text: string): string[] {
  const codes: string[] = []
  for (let at = 0; at < text.length; at++) codes.push(written[lowered(text.charCodeAt(at)) % written.length] ?? end)
  return codes
}

function lowered(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit
}

/** Behind the last character, so that every place has a piece; never the code of a character. */
const end = 'zz'
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')
const written = letters.flatMap((first) => letters.map((second) => first + second)).slice(0, -1)
const longestText = 50_000
const mostSought = 40
