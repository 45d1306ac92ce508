/** Fills a data folder with made-up articles and notes, through the content room itself, so that every index is as it would be. */
import { join } from 'node:path'
import type { Content } from '../../src/endpoint/content.ts'
import { openHouse, type OpenHouse } from '../../src/app.ts'
import { Observer } from '../../src/observe/observer.ts'

export interface Filled {
  readonly objects: number
  readonly seconds: number
  readonly articles: readonly number[]
}

const batch = 100
const owners = 20
const authors = 500
const words = Array.from({ length: 4_000 }, (_, index) => syllables(index))

/** Nine articles to one note; notes belong to twenty users in turn, of whom `bench` is the first. Returns the ids of some articles. */
export async function fill(dataDir: string, objects: number, say: (text: string) => void): Promise<Filled> {
  const site = join(import.meta.dirname, '..', 'site')
  const env = { ...process.env, DATA_DIR: dataDir }
  const house = await openHouse({ root: site, env, flags: {}, mode: 'command', observer: new Observer([]) })
  try {
    return await write(house, objects, say)
  } finally {
    await house.close(1_000)
  }
}

async function write(house: OpenHouse, objects: number, say: (text: string) => void): Promise<Filled> {
  const random = sequence(42)
  const users = await makeUsers(house)
  const { content } = house
  const writers = await makeAuthors(content, random)
  const started = performance.now()
  const ids: number[] = []
  for (let done = 0; done < objects; done += batch) {
    const items = Array.from({ length: Math.min(batch, objects - done) }, (_, offset) => {
      const index = done + offset
      return index % 10 === 9 ? note(index, users, random) : article(index, writers, random)
    })
    const made = (await content.perform('objects.create', { items })) as readonly { id: number }[]
    if (ids.length < 20_000) ids.push(...made.filter((_, offset) => (done + offset) % 10 !== 9).map((one) => one.id))
    if (done % 20_000 === 0 && done > 0) say(`${done.toLocaleString('en')} of ${objects.toLocaleString('en')} objects`)
  }
  return { objects, seconds: (performance.now() - started) / 1_000, articles: ids }
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
function article(index: number, writers: readonly number[], random: () => number): object {
  const fields = {
    slug: `article-${index}`,
    title: sentence(random, 6),
    code: `A${index.toString(36).padStart(6, '0')}`,
    category: `c${Math.floor(random() * 100)}`,
    price: Math.floor(random() * 1_000_000),
    body: sentence(random, 60),
    relations: { authors: [{ id: writers[index % writers.length] }] },
  }
  return { type: 'article', fields }
}

function note(index: number, users: readonly number[], random: () => number): object {
  const fields = {
    slug: `note-${index}`,
    title: sentence(random, 4),
    owner: users[Math.floor(index / 10) % users.length],
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
