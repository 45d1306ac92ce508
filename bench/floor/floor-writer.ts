import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import { articleById, ofArticles, openFloor, type FloorRow } from './floor-database.ts'

interface Waiting {
  readonly fields: Readonly<Record<string, unknown>>
  readonly owner: number
  readonly done: (row: FloorRow) => void
}

/** Creates what Postern creates: the object, its own row, its words, a line in the outbox; answered when it is on disk. */
export class FloorWriter {
  readonly #database: DatabaseSync
  readonly #commitEach: boolean
  readonly #object: StatementSync
  readonly #article: StatementSync
  readonly #words: StatementSync
  readonly #pieces: StatementSync
  readonly #outbox: StatementSync
  readonly #written: StatementSync
  #waiting: Waiting[] = []

  constructor(file: string, commitEach: boolean) {
    const database = openFloor(file, false)
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000')
    this.#database = database
    this.#commitEach = commitEach
    this.#object = database.prepare(
      `insert into objects (object_type, status, slug, title, owner, created, modified, version) ` +
        `values ('article', 'on', ?, ?, ?, ?, ?, 1) on conflict (slug) do nothing returning id`,
    )
    this.#article = database.prepare(
      'insert into type_article (id, code, category, price, body) values (?, ?, ?, ?, ?)',
    )
    this.#words = database.prepare('insert into object_words (rowid, title, body) values (?, ?, ?)')
    this.#pieces = database.prepare('insert into object_pieces (rowid, pieces) values (?, ?)')
    this.#outbox = database.prepare(
      `insert into outbox (at, operation, object_type, object_id, version, user_id) values (?, 'objects.create', 'article', ?, 1, ?)`,
    )
    this.#written = database.prepare(articleById)
  }

  create(fields: Waiting['fields'], owner: number, done: Waiting['done']): void {
    const one = { fields, owner, done }
    if (this.#commitEach) return this.#commit([one])
    if (this.#waiting.length === 0) setImmediate(() => this.#commit(this.#waiting.splice(0)))
    this.#waiting.push(one)
  }

  #commit(group: readonly Waiting[]): void {
    this.#database.exec('begin immediate')
    const rows = group.map((one) => this.#insert(one))
    this.#database.exec('commit')
    for (const [index, one] of group.entries()) one.done(rows[index] ?? {})
  }

  #insert({ fields, owner }: Waiting): FloorRow {
    const now = new Date().toISOString()
    const title = textOf(fields['title'])
    const { code, category, price, body } = fields
    const id = this.#object.get(textOf(fields['slug']), title, owner, now, now)?.['id'] ?? 0
    this.#article.run(id, textOf(code), textOf(category), Number(price), textOf(body))
    this.#words.run(id, wordsOf(title), wordsOf([code, category, body].map(textOf).join(' ')))
    this.#pieces.run(id, piecesOf(title))
    this.#outbox.run(now, id, owner)
    return this.#written.get(id) ?? {}
  }
}

function textOf(value: unknown): Extract<SQLOutputValue, string> {
  return typeof value === 'string' ? value : ''
}

function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) => ofArticles + word).join(' ')
}

/** As Postern writes the parts of a text (src/content/pieces.ts), for plain text. */
function piecesOf(text: string): string {
  const codes = Array.from(text.toLowerCase(), (sign) => codeOf(sign.charCodeAt(0)))
  return [...new Set(codes.map((code, at) => `${code}${codes[at + 1] ?? 'zz'}${codes[at + 2] ?? 'zz'}`))].join(' ')
}

function codeOf(unit: number): string {
  return written[unit % 675] ?? ''
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz'.split('')
const written = alphabet.flatMap((first) => alphabet.map((second) => first + second))
