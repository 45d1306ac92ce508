import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'

export type FloorRow = Record<string, SQLOutputValue | object>

export interface FloorPage {
  readonly data: readonly FloorRow[]
  readonly paging: object
}

const pageSize = 20
const countedAtMost = 10_000
export const sharedColumns = columnsOf(
  'o',
  'id object_type status slug title description lang owner created modified published_from published_until version',
)
const articleColumns = `${sharedColumns}, ${columnsOf('t', 'code category price body')}`
/** A plus keeps SQLite from reading a whole type by the index on it. */
const oneArticle = `from objects o join type_article t on t.id = o.id where +o.object_type = 'article' and +o.trashed is null`
/** Counting looks into the trash once, and not at every object. */
const trash = `select id from objects where trashed is not null`
const priced = `select 1 from type_article t where t.price >= ? and (not exists (${trash}) or t.id not in (${trash}))`
const ownNotes = `from objects o join type_note t on t.id = o.id where o.object_type = 'note' and o.trashed is null and o.owner = ?`
/** The index gives its rows in the order of their ids, so that reading can stop. */
const found = `from object_words w cross join objects o on o.id = w.rowid`

/** Prepared statements over Postern's own file: nothing is made when a request comes but the values that are bound. */
export class FloorDatabase {
  readonly #database: DatabaseSync
  readonly #article: StatementSync
  readonly #list: StatementSync
  readonly #after: StatementSync
  readonly #count: StatementSync
  readonly #authors: StatementSync
  readonly #search: StatementSync
  readonly #countFound: StatementSync
  readonly #notes: StatementSync
  readonly #countNotes: StatementSync

  constructor(file: string) {
    this.#database = openFloor(file, true)
    const order = `order by t.price, t.id limit ${pageSize + 1}`
    const listed = `select ${articleColumns} ${oneArticle} and t.price >= ?`
    this.#article = this.#prepare(`select ${articleColumns} ${oneArticle} and o.id = ? limit 1`)
    this.#list = this.#prepare(`${listed} ${order}`)
    this.#after = this.#prepare(`${listed} and (t.price > ? or (t.price = ? and t.id > ?)) ${order}`)
    this.#count = this.#prepare(counting(priced))
    this.#authors = this.#prepare(
      `select l.source, l.position, ${sharedColumns}, t.city from links l join objects o on o.id = l.target join type_author t on t.id = o.id ` +
        `where l.name = 'authors' and l.source in (${Array(pageSize).fill('?').join(', ')}) and +o.trashed is null order by l.source, l.position, l.target`,
    )
    this.#search = this.#prepare(
      `select ${articleColumns} ${found} join type_article t on t.id = o.id where w.object_words match ? and +o.object_type = 'article' and +o.trashed is null order by w.rowid limit ${pageSize + 1}`,
    )
    this.#countFound = this.#prepare(
      counting(`select 1 ${found} where w.object_words match ? and +o.object_type = 'article' and +o.trashed is null`),
    )
    this.#notes = this.#prepare(
      `select ${sharedColumns}, t.body, t.rank ${ownNotes} order by o.id desc limit ${pageSize + 1}`,
    )
    this.#countNotes = this.#prepare(counting(`select 1 ${ownNotes}`))
  }

  article(id: number): FloorRow | undefined {
    return this.#article.get(id)
  }

  articles(query: URLSearchParams): FloorPage {
    const words = query.get('filter[query]')
    if (words !== null) return page(this.#search.all(words), this.#countFound.get(words), 'id')
    const least = Number(query.get('filter[price][gte]'))
    const total = this.#count.get(least)
    const cursor = query.get('cursor')
    if (cursor === null) {
      const first = page(this.#list.all(least), total, 'price')
      return query.has('embed[relations]') ? this.#withAuthors(first) : first
    }
    const [, price, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number, number]
    return page(this.#after.all(Math.max(least, price), price, price, id), total, 'price')
  }

  notes(owner: number): FloorPage {
    return page(this.#notes.all(owner), this.#countNotes.get(owner), 'id')
  }

  #withAuthors({ data, paging }: FloorPage): FloorPage {
    const ids = Array.from({ length: pageSize }, (_, index) => Number(data[index]?.['id'] ?? 0))
    const bySource = new Map<SQLOutputValue, FloorRow[]>()
    for (const { source = null, position = null, ...author } of this.#authors.all(...ids)) {
      const one = { ...author, meta: { position, relation_params: {} } }
      const known = bySource.get(source)
      if (known === undefined) bySource.set(source, [one])
      else known.push(one)
    }
    const authorsOf = (row: FloorRow): FloorRow[] => bySource.get(Number(row['id'])) ?? []
    return { data: data.map((row) => ({ ...row, relations: { authors: { objects: authorsOf(row) } } })), paging }
  }

  #prepare(sql: string): StatementSync {
    return this.#database.prepare(sql)
  }
}

export function openFloor(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 1_000 })
  database.exec('pragma foreign_keys = on; pragma cache_size = -65536; pragma mmap_size = 268435456')
  return database
}

export const articleById = `select ${articleColumns} ${oneArticle} and o.id = ? limit 1`

function columnsOf(table: string, names: string): string {
  return names
    .split(' ')
    .map((name) => `${table}.${name}`)
    .join(', ')
}

function counting(rows: string): string {
  return `select count(*) as n from (${rows} limit ${countedAtMost + 1})`
}

function page(rows: FloorRow[], counted: Record<string, SQLOutputValue> | undefined, sort: string): FloorPage {
  const more = rows.length > pageSize
  if (more) rows.pop()
  const last = rows.at(-1)
  const total = Number(counted?.['n'] ?? 0)
  const isExact = total <= countedAtMost
  return {
    data: rows,
    paging: {
      page: 1,
      page_size: pageSize,
      page_items: rows.length,
      total: isExact ? total : countedAtMost,
      total_is: isExact ? 'exact' : 'at_least',
      next: more && last !== undefined ? cursorOf(last, sort) : null,
    },
  }
}

function cursorOf(last: FloorRow, sort: string): string {
  const values = sort === 'id' ? [last['id']] : [last[sort], last['id']]
  return Buffer.from(JSON.stringify(['floor0', ...values])).toString('base64url')
}
