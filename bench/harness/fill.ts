/** Fills a data folder with made-up articles and notes: the same ones on every run. */
import { join } from 'node:path'
import { BulkWriter, type Made } from './bulk.ts'
import type { Content } from '../../src/endpoint/content.ts'
import { openHouse, type OpenHouse } from '../../src/app.ts'
import { Observer } from '../../src/observe/observer.ts'

export interface Filled {
  readonly objects: number
  readonly seconds: number
  readonly articles: readonly number[]
}

const batch = 100
const bulk = 10_000
const owners = 20
const authors = 500
const words = Array.from({ length: 4_000 }, (_, index) => syllables(index))

/**
 * Nine articles to one note; notes belong to twenty users in turn, of whom `bench` is the first. Returns the ids of some
 * articles. The first objects are made by the content room itself, the others by writing the same rows.
 */
export function fill(dataDir: string, objects: number, say: (text: string) => void): Promise<Filled> {
  return fillWith(dataDir, objects, { say, byRoom: 1_000 })
}

/** The same with so many made by the room. */
export async function fillWith(
  dataDir: string,
  objects: number,
  { say, byRoom }: { say: (text: string) => void; byRoom: number },
): Promise<Filled> {
  const started = performance.now()
  const stock = new Stock(objects)
  const first = Math.min(objects, byRoom)
  await writeByRoom(dataDir, stock, first)
  if (objects > first) writeInBulk(dataDir, { stock, from: first, say })
  return { objects, seconds: (performance.now() - started) / 1_000, articles: stock.articles }
}

/** What is to be written, in order, and what became of it. */
class Stock {
  readonly random = sequence(42)
  readonly objects: number
  readonly articles: number[] = []
  users: readonly number[] = []
  writers: readonly number[] = []
  #seen = 0

  constructor(objects: number) {
    this.objects = objects
  }

  /** The next ones: ask in order, and once. */
  next(from: number, count: number): Made[] {
    return Array.from({ length: count }, (_, offset) => {
      const index = from + offset
      return index % 10 === 9 ? note(index, this.users, this.random) : article(index, this.writers, this.random)
    })
  }

  /** From beginning to end, at even distances: of many objects those that were written first would lie side by side. */
  keep(made: readonly Made[], ids: readonly number[]): void {
    for (const [index, id] of ids.entries()) {
      if (made[index]?.type !== 'article') continue
      if (this.#seen % Math.ceil(this.objects / 20_000) === 0) this.articles.push(id)
      this.#seen += 1
    }
  }
}

async function writeByRoom(dataDir: string, stock: Stock, until: number): Promise<void> {
  const site = join(import.meta.dirname, '..', 'site')
  const env = { ...process.env, DATA_DIR: dataDir }
  const house = await openHouse({ root: site, env, flags: {}, mode: 'command', observer: new Observer([]) })
  try {
    stock.users = await makeUsers(house)
    stock.writers = await makeAuthors(house.content, stock.random)
    for (let done = 0; done < until; done += batch) {
      const items = stock.next(done, Math.min(batch, until - done))
      const made = await house.content.perform('objects.create', { items: items.map(asItem) })
      stock.keep(
        items,
        (made as readonly { id: number }[]).map((one) => one.id),
      )
    }
  } finally {
    await house.close(1_000)
  }
}

function writeInBulk(
  dataDir: string,
  { stock, from, say }: { stock: Stock; from: number; say: (text: string) => void },
): void {
  using writer = new BulkWriter(join(dataDir, 'postern.sqlite'))
  for (let done = from; done < stock.objects; done += bulk) {
    const items = stock.next(done, Math.min(bulk, stock.objects - done))
    stock.keep(items, writer.write(items))
    if (done % 100_000 < bulk) say(`${done.toLocaleString('en')} of ${stock.objects.toLocaleString('en')} objects`)
  }
  writer.prune()
}

function asItem({ type, fields, author }: Made): object {
  const relations = author === undefined ? {} : { relations: { authors: [{ id: author }] } }
  return { type, fields: { ...fields, ...relations } }
}

async function makeUsers(house: OpenHouse): Promise<number[]> {
  const ids: number[] = []
  for (let index = 0; index < owners; index += 1) {
    const user = await house.accounts.createUser({ name: index === 0 ? 'bench' : `writer${index}` })
    ids.push(user.id)
  }
  return ids
}

async function makeAuthors(content: Content, random: () => number): Promise<number[]> {
  const items = Array.from({ length: authors }, (_, index) => {
    return {
      type: 'author',
      fields: { slug: `author-${index}`, title: sentence(random, 2), city: sentence(random, 1) },
    }
  })
  const ids: number[] = []
  for (let done = 0; done < authors; done += batch) {
    const made = await content.perform('objects.create', { items: items.slice(done, done + batch) })
    ids.push(...(made as readonly { id: number }[]).map((one) => one.id))
  }
  return ids
}

/** About 0.6 kB of text, in words that repeat as words do. */
function article(index: number, writers: readonly number[], random: () => number): Made {
  const fields = {
    slug: `article-${index}`,
    title: sentence(random, 6),
    code: `A${index.toString(36).padStart(6, '0')}`,
    category: `c${Math.floor(random() * 100)}`,
    price: Math.floor(random() * 1_000_000),
    body: sentence(random, 60),
  }
  return { type: 'article', fields, author: writers[index % writers.length] ?? 0 }
}

function note(index: number, users: readonly number[], random: () => number): Made {
  const fields = {
    slug: `note-${index}`,
    title: sentence(random, 4),
    owner: users[Math.floor(index / 10) % users.length] ?? null,
    rank: Math.floor(random() * 1_000),
    body: sentence(random, 20),
  }
  return { type: 'note', fields }
}

/** One of the made-up words: near 0 the ones that are everywhere, near 1 the rarest. */
export function wordAt(place: number): string {
  return words[Math.floor((words.length - 1) * place)] ?? ''
}

/** Low numbers far more often than high ones: a few words are everywhere, most are rare. */
function sentence(random: () => number, length: number): string {
  return Array.from({ length }, () => words[Math.floor(words.length * random() ** 3)]).join(' ')
}

function syllables(index: number): string {
  const parts = ['ba', 'de', 'fi', 'go', 'lu', 'ma', 'ne', 'pi', 'ro', 'su', 'ta', 've']
  return index
    .toString(12)
    .padStart(3, '0')
    .split('')
    .map((digit) => parts[Number.parseInt(digit, 12)])
    .join('')
}

/** The same numbers on every run (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
