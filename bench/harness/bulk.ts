import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { markOf } from '../../src/content/mark.ts'
import { piecesOf } from '../../src/content/pieces.ts'
import { wordsOf } from '../../src/content/words.ts'

/** An object as `objects.create` takes it. */
export interface Made {
  readonly type: 'article' | 'note'
  readonly fields: Readonly<Record<string, string | number | null>>
  /** The author whose link it has. */
  readonly author?: number
}

/**
 * Writes the rows that the content room would write, by prepared statements in few transactions: a million in a minute or
 * two. That the rows are the same is tested (bench/bulk.test.ts). Nobody else may use the file meanwhile.
 */
export class BulkWriter implements Disposable {
  readonly #database: DatabaseSync
  readonly #insert: Readonly<
    Record<'object' | 'article' | 'note' | 'words' | 'pieces' | 'outbox' | 'link', StatementSync>
  >
  readonly #lastOf = new Map<number, number>()

  constructor(file: string) {
    const database = new DatabaseSync(file)
    database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000')
    gather(database, 67_108_864)
    for (const row of database.prepare('select target, max(inverse_position) as last from links group by target').all())
      this.#lastOf.set(Number(row['target']), Number(row['last']))
    this.#database = database
    const insert = (into: string, columns: string, returning = ''): StatementSync => {
      const places = columns.split(', ').map(() => '?')
      return database.prepare(`insert into ${into} (${columns}) values (${places.join(', ')})${returning}`)
    }
    this.#insert = {
      object: insert('objects', 'object_type, status, slug, title, owner, created, modified, version', ' returning id'),
      article: insert('type_article', 'id, code, category, price, body'),
      note: insert('type_note', 'id, body, rank'),
      words: insert('object_words', 'rowid, title, body'),
      pieces: insert('object_pieces', 'rowid, pieces'),
      outbox: insert('outbox', 'at, operation, object_type, object_id, version'),
      link: insert('links', 'name, source, target, position, inverse_position'),
    }
  }

  /** All of them in one transaction; their ids. */
  write(items: readonly Made[]): number[] {
    this.#database.exec('begin')
    const ids = items.map((item) => this.#one(item))
    this.#database.exec('commit')
    return ids
  }

  /** What the room would have taken out of the outbox meanwhile. */
  prune(): void {
    const last = Number(this.#database.prepare('select max(id) as last from outbox').get()?.['last'] ?? 0)
    this.#database.prepare('delete from outbox where id < ?').run(last - (last % 1_000) - 100_000)
  }

  [Symbol.dispose](): void {
    gather(this.#database, 1_048_576)
    this.#database.exec('pragma journal_mode = wal')
    this.#database.close()
  }

  #one({ type, fields, author }: Made): number {
    const [slug = null, title = null, owner = null] = valuesOf(fields, ['slug', 'title', 'owner'])
    const now = new Date().toISOString()
    const id = Number(this.#insert.object.get(type, 'on', slug, title, owner, now, now, 1)?.['id'])
    this.#insert[type].run(id, ...valuesOf(fields, ownNames[type]))
    this.#insert.words.run(id, wordsIn(fields, ['title'], marks[type]), wordsIn(fields, searched[type], marks[type]))
    this.#insert.pieces.run(id, piecesOf([title]))
    this.#insert.outbox.run(now, 'objects.create', type, id, 1)
    if (author !== undefined) this.#link(id, author)
    return id
  }

  #link(id: number, author: number): void {
    const place = (this.#lastOf.get(author) ?? 0) + 1
    this.#lastOf.set(author, place)
    this.#insert.link.run('authors', id, author, 1, place)
  }
}

/** How many bytes of words are gathered before they are written into an index. */
function gather(database: DatabaseSync, bytes: number): void {
  for (const index of ['object_words', 'object_pieces'])
    database.exec(`insert into ${index} (${index}, rank) values ('hashsize', ${bytes})`)
}

type Fields = Made['fields']

const ownNames = { article: ['code', 'category', 'price', 'body'], note: ['body', 'rank'] } as const
const marks = { article: markOf('article'), note: markOf('note') } as const
const searched = { article: ['code', 'category', 'body'], note: ['body'] } as const

function valuesOf(fields: Fields, names: readonly string[]): (string | number | null)[] {
  return names.map((name) => fields[name] ?? null)
}

function wordsIn(fields: Fields, names: readonly string[], mark: string): string {
  return wordsOf(valuesOf(fields, names).join(' '))
    .map((word) => mark + word)
    .join(' ')
}
