import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'

type Row = Record<string, SQLOutputValue>

interface Page {
  readonly data: readonly Row[]
  readonly paging: object
}

interface Waiting {
  readonly fields: Readonly<Record<string, unknown>>
  readonly owner: number
  readonly done: (row: Row) => void
}

const pageSize = 20
const countedAtMost = 10_000
const shared =
  'id object_type status slug title description lang owner created modified published_from published_until version'
    .split(' ')
    .map((name) => `o.${name}`)
    .join(', ')
const ofArticle = `${shared}, t.code, t.category, t.price, t.body`
const fromArticles = `from objects o join type_article t on t.id = o.id where o.object_type = 'article' and o.trashed is null`
const fromNotes = `from objects o join type_note t on t.id = o.id where o.object_type = 'note' and o.trashed is null and o.owner = ?`

/** Prepared statements over Postern's own file: nothing is made when a request comes but the values bound. */
export class FloorDatabase {
  readonly #writing: DatabaseSync
  readonly #commitEach: boolean
  readonly #article: StatementSync
  readonly #list: StatementSync
  readonly #after: StatementSync
  readonly #count: StatementSync
  readonly #notes: StatementSync
  readonly #countNotes: StatementSync
  readonly #insertObject: StatementSync
  readonly #insertArticle: StatementSync
  readonly #written: StatementSync
  #waiting: Waiting[] = []

  constructor(file: string, commitEach: boolean) {
    const reading = opened(file, true)
    this.#writing = opened(file, false)
    this.#writing.exec('pragma journal_mode = wal; pragma synchronous = full')
    this.#commitEach = commitEach
    const priced = `${fromArticles} and t.price >= ?`
    const order = `order by t.price, o.id limit ${pageSize + 1}`
    this.#article = reading.prepare(`select ${ofArticle} ${fromArticles} and o.id = ? limit 1`)
    this.#list = reading.prepare(`select ${ofArticle} ${priced} ${order}`)
    this.#after = reading.prepare(
      `select ${ofArticle} ${priced} and t.price >= ? and (t.price > ? or (t.price = ? and o.id > ?)) ${order}`,
    )
    this.#count = reading.prepare(`select count(*) as n from (select 1 ${priced} limit ${countedAtMost + 1})`)
    this.#notes = reading.prepare(
      `select ${shared}, t.body, t.rank ${fromNotes} order by o.id desc limit ${pageSize + 1}`,
    )
    this.#countNotes = reading.prepare(`select count(*) as n from (select 1 ${fromNotes} limit ${countedAtMost + 1})`)
    this.#insertObject = this.#writing.prepare(
      `insert into objects (object_type, status, slug, title, owner, created, modified, version) values ('article', 'on', ?, ?, ?, ?, ?, 1) on conflict (slug) do nothing returning id`,
    )
    this.#insertArticle = this.#writing.prepare(
      'insert into type_article (id, code, category, price, body) values (?, ?, ?, ?, ?)',
    )
    this.#written = this.#writing.prepare(`select ${ofArticle} ${fromArticles} and o.id = ? limit 1`)
  }

  article(id: number): Row | undefined {
    return this.#article.get(id)
  }

  articles(query: URLSearchParams): Page {
    const least = Number(query.get('filter[price][gte]'))
    const cursor = query.get('cursor')
    const total = this.#count.get(least)
    if (cursor === null) return page(this.#list.all(least), total)
    const [, price, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number, number]
    return page(this.#after.all(least, price, price, price, id), total)
  }

  notes(owner: number): Page {
    return page(this.#notes.all(owner), this.#countNotes.get(owner))
  }

  create(fields: Waiting['fields'], owner: number, done: (row: Row) => void): void {
    const one = { fields, owner, done }
    if (this.#commitEach) return this.#commit([one])
    if (this.#waiting.length === 0) setImmediate(() => this.#commit(this.#waiting.splice(0)))
    this.#waiting.push(one)
  }

  #commit(group: readonly Waiting[]): void {
    this.#writing.exec('begin immediate')
    const rows = group.map((one) => this.#insert(one))
    this.#writing.exec('commit')
    for (const [index, one] of group.entries()) one.done(rows[index] ?? {})
  }

  #insert({ fields, owner }: Waiting): Row {
    const now = new Date().toISOString()
    const title = String(fields['title'])
    const id = this.#insertObject.get(slugOf(fields, title), title, owner, now, now)?.['id'] ?? 0
    const own = [fields['code'], fields['category'], fields['price'], fields['body']].map(
      (value) => value as string | number,
    )
    this.#insertArticle.run(id, ...own)
    return this.#written.get(id) ?? {}
  }
}

function slugOf(fields: Waiting['fields'], title: string): string {
  return typeof fields['slug'] === 'string' ? fields['slug'] : title.toLowerCase().replaceAll(' ', '-')
}

function opened(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 1_000 })
  database.exec('pragma foreign_keys = on; pragma cache_size = -65536; pragma mmap_size = 268435456')
  return database
}

function page(rows: Row[], counted: Row | undefined): Page {
  const more = rows.length > pageSize
  if (more) rows.pop()
  const last = rows.at(-1)
  const counts = Number(counted?.['n'] ?? 0)
  const exact = counts <= countedAtMost
  const next =
    more && last !== undefined
      ? Buffer.from(JSON.stringify(['fingerp', last['price'] ?? null, last['id']])).toString('base64url')
      : null
  return {
    data: rows,
    paging: {
      page: 1,
      page_size: pageSize,
      page_items: rows.length,
      total: exact ? counts : countedAtMost,
      total_is: exact ? 'exact' : 'at_least',
      next,
    },
  }
}
