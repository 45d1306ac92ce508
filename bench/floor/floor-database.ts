import { markOf } from '../../src/content/mark.ts'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'

export type FloorRow = Record<string, SQLOutputValue | object>

export interface FloorPage {
  readonly data: readonly FloorRow[]
  readonly paging: object
}

const pageSize = 20
const countedAtMost = 10_000
const mostTotals = 10_000
export const sharedColumns = columnsOf(
  'o',
  'id object_type status slug title description lang owner created modified published_from published_until version',
)
const articleColumns = `${sharedColumns}, ${columnsOf('t', 'code category price body')}`
/** A plus keeps SQLite from reading a whole type by the index on it. */
const oneArticle = `from objects o join type_article t on t.id = o.id where +o.object_type = 'article' and +o.trashed is null`
/** Counting looks into the trash once, and not at every object. */
const trash = `select id from objects where trashed is not null`
const priced = `from type_article t where t.price >= ?1`
const notes = `o.object_type = 'note' and o.trashed is null and o.owner = ?1`
/** With what the words of articles begin; so they are counted without their objects. */
export const ofArticles = markOf('article')
const words = `from object_words w where w.object_words match ?1`
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
  readonly #searchBest: StatementSync
  readonly #countFound: StatementSync
  readonly #notes: StatementSync
  readonly #countNotes: StatementSync
  readonly #version: StatementSync
  readonly #totals = new Map<StatementSync, Map<string | number, number>>()
  #known = -1

  constructor(file: string) {
    this.#database = openFloor(file, true)
    this.#version = this.#prepare('pragma data_version')
    const order = `order by t.price, t.id limit ${pageSize + 1}`
    const listed = `select ${articleColumns} ${oneArticle} and t.price >= ?`
    this.#article = this.#prepare(`select ${articleColumns} ${oneArticle} and o.id = ? limit 1`)
    this.#list = this.#prepare(`${listed} ${order}`)
    this.#after = this.#prepare(`${listed} and (t.price > ? or (t.price = ? and t.id > ?)) ${order}`)
    const cases = `case when exists (${trash}) then ${counting(`${priced} and t.id not in (${trash})`)} else ${passing(priced)} end`
    this.#count = this.#prepare(`select ${cases} as n`)
    this.#authors = this.#prepare(
      `select l.source, l.position, ${sharedColumns}, t.city from links l join objects o on o.id = l.target join type_author t on t.id = o.id ` +
        `where l.name = 'authors' and l.source in (${Array(pageSize).fill('?').join(', ')}) and +o.trashed is null order by l.source, l.position, l.target`,
    )
    this.#search = this.#prepare(searching('?1'))
    const parts = [`'title : ' || ?1`, `?1 || ' NOT title : ' || ?1`].map(
      (words) => `select * from (${searching(words, ' desc')})`,
    )
    this.#searchBest = this.#prepare(`${parts.join(' union all ')} limit ${pageSize + 1}`)
    this.#countFound = this.#prepare(
      `select case when exists (${trash}) then ${counting(`${words} and w.rowid not in (${trash})`)} else ${counting(words)} end as n`,
    )
    this.#notes = this.#prepare(
      `select ${sharedColumns}, t.body, t.rank from objects o join type_note t on t.id = o.id where ${notes} order by o.id desc limit ${pageSize + 1}`,
    )
    this.#countNotes = this.#prepare(`select ${passing(`from objects o where ${notes}`)} as n`)
  }

  article(id: number): FloorRow | undefined {
    return this.#article.get(id)
  }

  articles(query: URLSearchParams): FloorPage {
    const words = query.get('filter[query]')
    if (words !== null) return this.#found(ofArticles + words, query.get('sort') === 'relevance')
    const least = Number(query.get('filter[price][gte]'))
    const total = this.#total(this.#count, least)
    const cursor = query.get('cursor')
    if (cursor === null) {
      const first = page(this.#list.all(least), total, 'price')
      return query.has('embed[relations]') ? this.#withAuthors(first) : first
    }
    const [, price, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number, number]
    return page(this.#after.all(Math.max(least, price), price, price, id), total, 'price')
  }

  #found(word: string, isBestFirst: boolean): FloorPage {
    const rows = (isBestFirst ? this.#searchBest : this.#search).all(word)
    return page(rows, this.#total(this.#countFound, word), 'id')
  }

  /** A total that is not remembered. */
  countAnew(by: 'price' | 'word' | 'owner', value: string | number): number {
    const count = { price: this.#count, word: this.#countFound, owner: this.#countNotes }[by]
    return Number(count.get(by === 'word' ? `${ofArticles}${value}` : value)?.['n'])
  }

  notes(owner: number): FloorPage {
    return page(this.#notes.all(owner), this.#total(this.#countNotes, owner), 'id')
  }

  /** Counted before, or now: SQLite says whether anything was written since. */
  #total(count: StatementSync, value: string | number): number {
    const version = Number(this.#version.get()?.['data_version'])
    if (version !== this.#known) for (const totals of this.#totals.values()) totals.clear()
    this.#known = version
    const totals = this.#totals.get(count) ?? new Map<string | number, number>()
    this.#totals.set(count, totals)
    const known = totals.get(value)
    if (known !== undefined) return known
    const total = Number(count.get(value)?.['n'] ?? 0)
    if (totals.size >= mostTotals) totals.delete(totals.keys().next().value ?? 0)
    totals.set(value, total)
    return total
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
  database.exec('pragma foreign_keys = on; pragma cache_size = -65536; pragma mmap_size = 2147418112')
  return database
}

export const articleById = `select ${articleColumns} ${oneArticle} and o.id = ? limit 1`

function columnsOf(table: string, names: string): string {
  return names
    .split(' ')
    .map((name) => `${table}.${name}`)
    .join(', ')
}

function searching(words: string, order = ''): string {
  return `select ${articleColumns} ${found} join type_article t on t.id = o.id where w.object_words match ${words} and +o.object_type = 'article' and +o.trashed is null order by w.rowid${order} limit ${pageSize + 1}`
}

function counting(rows: string): string {
  return `(select count(*) from (select 1 ${rows} limit ${countedAtMost + 1}))`
}

/** The same for rows of one index, which are cheaper to go through twice than to hand on. */
function passing(rows: string): string {
  return `coalesce((select ${countedAtMost + 1} ${rows} limit 1 offset ${countedAtMost}), (select count(*) ${rows}))`
}

function page(rows: FloorRow[], total: number, sort: string): FloorPage {
  const more = rows.length > pageSize
  if (more) rows.pop()
  const last = rows.at(-1)
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
