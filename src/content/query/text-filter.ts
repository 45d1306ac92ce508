import type { Predicate } from '../../store/predicate.ts'
import { soughtPieces } from '../pieces.ts'
import type { ObjectType } from '../object-types.ts'
import { inTitle, pieceIndex, soughtIn, wordIndex } from '../word-index.ts'
import { soughtWords } from '../words.ts'
import { badValue, termName, type FilterTerm } from './filter-terms.ts'
import type { SortTerm } from './sort.ts'

/** `filter[query]`: every word, in the title or any text. Nothing asked: no condition; nothing that is a word: no row. */
export function queryFilter(term: FilterTerm, types: readonly ObjectType[]): Predicate {
  const text = textOf(term)
  if (text.trim() === '') return true
  const words = soughtWords(text)
  if (words === '' || types.length === 0) return false
  return { column: 'o.id', matches: { index: wordIndex, words: soughtIn(words, types) } }
}

/**
 * `filter[substring]`: the text as it is, anywhere in the title or the description (of a long one its first 50,000
 * characters); the case of plain letters does not count.
 */
export function substringFilter(term: FilterTerm): Predicate {
  const text = textOf(term)
  if (text === '') return true
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const isThere: Predicate = {
    any: [
      { column: 'o.title', like },
      { column: 'o.description', like },
    ],
  }
  return { all: [{ column: 'o.id', matches: { index: pieceIndex, words: soughtPieces(text) } }, isThere] }
}

/** `sort=relevance` beside `filter[query]`: what has every word in its title comes first. */
export function relevanceOf(filters: readonly FilterTerm[], types: readonly ObjectType[]): SortTerm | undefined {
  const term = filters.find((one) => one.name === 'query')
  if (term === undefined) return undefined
  const words = soughtWords(textOf(term))
  const matches = { index: wordIndex, words: soughtIn(words, types), in: inTitle }
  // Where nothing that is a word is looked for, all rows are alike: what somebody typed is no reason to refuse the order.
  const test: Predicate = words !== '' && types.length > 0 && { column: 'o.id', matches }
  return { name: '@relevance', column: '@relevance', field: { kind: 'integer' }, descending: true, test }
}

function textOf(term: FilterTerm): string {
  if (typeof term.value !== 'string') throw badValue(termName(term), 'must be text')
  if (term.value.length > longest) throw badValue(termName(term), `must be shorter than ${longest} characters`)
  return term.value
}

const longest = 500
