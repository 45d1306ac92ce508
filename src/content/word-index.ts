import type { Row, Transaction } from '../store/port.ts'
import type { Matches } from '../store/predicate.ts'
import type { Field } from './field.ts'
import type { ObjectType } from './object-types.ts'
import { piecesOf } from './pieces.ts'
import { withoutTags, wordsOf } from './words.ts'

export const wordIndex = 'object_words'
/** Parts of titles and descriptions, for `filter[substring]`. */
export const pieceIndex = 'object_pieces'

/** Only in titles: what is found there counts for more. */
export const inTitle: NonNullable<Matches['in']> = { name: 'title', index: 0 }

/** Writes the words by which an object is found: its title, its description, its own texts. Private fields give none. */
export async function writeWords(transaction: Pick<Transaction, 'run'>, id: number, words: ObjectWords): Promise<void> {
  const { title, body, pieces } = words
  await Promise.all([
    transaction.run({ insert: wordIndex, values: { rowid: id, title, body } }),
    transaction.run({ insert: pieceIndex, values: { rowid: id, pieces } }),
  ])
}

export async function forgetWords(transaction: Pick<Transaction, 'run'>, id: number): Promise<void> {
  for (const index of [wordIndex, pieceIndex])
    await transaction.run({ delete: index, where: { column: 'rowid', is: 'eq', value: id } })
}

export interface ObjectWords {
  readonly title: string
  readonly body: string
  /** Of the title and the description as they are. */
  readonly pieces: string
}

/** From a row with the shared fields and the type's own, and the same in other languages. */
export function objectWords(type: ObjectType, row: Row, translations: readonly Row[] = []): ObjectWords {
  const names = searchedNames(type)
  const bodies = [row, ...translations].map((texts) => {
    const own = names.map((name) => textOf(texts[name], type.fields[name]))
    return [textOf(texts['description']), ...own].join(' ')
  })
  const titles = [row, ...translations].map((texts) => textOf(texts['title']))
  return {
    title: markedWords(type, wordsOf(titles.join(' '))),
    body: markedWords(type, wordsOf(bodies.join(' '))),
    pieces: piecesOf([row['title'], row['description']]),
  }
}

/** What is looked for, in any of these types. */
export function soughtIn(words: string, types: readonly ObjectType[]): string {
  return types.map((type) => markedWords(type, words.split(' '))).join('|')
}

/** Each word begins with the mark of its type, so that the words of one type are counted without a look at the objects. */
function markedWords({ mark }: ObjectType, words: readonly string[]): string {
  return words.map((word) => mark + word).join(' ')
}

/** Fields of a type whose words are found; a change of these asks for indexing anew. */
export function searchedNames(type: ObjectType): readonly string[] {
  return type.ownNames.filter((name) => isSearched(type.fields[name]))
}

/** Whether a change of the field changes the words. */
export function isSearchedName(type: ObjectType, name: string): boolean {
  return name === 'title' || name === 'description' || isSearched(type.fields[name])
}

function isSearched(field: Field | undefined): boolean {
  return (field?.kind === 'text' || field?.kind === 'richText') && field.private !== true && field.read === undefined
}

function textOf(value: unknown, field?: Field): string {
  if (typeof value !== 'string') return ''
  return field?.kind === 'richText' ? withoutTags(value) : value
}
