/** One request, as plain text. */
export interface MadeRequest {
  readonly method: 'GET' | 'PATCH' | 'DELETE' | 'POST'
  readonly target: string
  readonly as: string
  readonly body?: string
}

/** A small generator of numbers that gives the same sequence for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const fields = [
  'body',
  'rank',
  'secret',
  'code',
  'readers',
  'about',
  'title',
  'slug',
  'status',
  'owner',
  'created',
  'version',
  'id',
  'trashed',
  'Note.body',
  'Note.secret',
  'Note.rank',
  'note.secret',
  't.secret',
  'o.owner',
  'wage',
  'diary',
  'marks',
  'Note.wage',
  'Note.diary',
  'Note.marks',
  // Once more: of these it depends on the row what a caller may know.
  'diary',
  'marks',
  'Note.diary',
  'secret.x',
  'secret[0]',
  'secret->x',
  'SECRET',
  'about.secret',
  'password',
]
const operators = [
  '',
  '[eq]',
  '[ne]',
  '[gt]',
  '[gte]',
  '[lt]',
  '[lte]',
  '[in]',
  '[starts]',
  '[like]',
  '[null]',
  '[nope]',
]
const values = [
  'alpha',
  'omega',
  'alpha 4',
  'omega 5',
  'a',
  'z',
  '0',
  '5',
  '999',
  '-1',
  '1.5',
  'true',
  'null',
  '',
  'on',
  'draft',
  'off',
  'zephyr',
  'Zephyr amber',
  'code-4',
  'other-5',
  '1,2,3',
  "'",
  '%',
  '_',
  'amber',
  'birch cedar',
  '"amber',
  'amb*',
  'NOT amber',
  '2020-01-01',
  '9999999999999999999',
]
const others = [
  () => 'count=exact',
  () => 'page=1',
  () => 'page=2',
  () => 'page=99',
  () => 'page_size=1',
  () => 'page_size=100',
  () => 'page_size=7',
  () => 'fields=title',
  () => 'fields=secret',
  () => 'fields=title,code',
  () => 'fields=wage',
  () => 'fields=title,diary,marks',
  () => 'fields=readers,body',
  () => 'embed[relations]=seealso',
  () => 'embed[relations]=seealso|3,seenby',
  () => 'embed[relations]=secret',
  () => 'lang=de',
  () => 'cursor=abc',
]
const branches = [
  'children',
  'contents',
  'sections',
  'descendants',
  'siblings',
  'parents',
  'ancestors',
  'relations',
  'relations/seealso',
  'relations/seenby',
  'relations/nope',
]

/** Requests drawn from the grammar of lists, single objects, branches, relations and writes, asked by everybody in turn. */
export class RequestMaker {
  readonly #random: () => number
  readonly #ids: readonly number[]
  readonly #callers: readonly string[]

  constructor(seed: number, ids: readonly number[], callers: readonly string[]) {
    this.#random = seeded(seed)
    this.#ids = ids
    this.#callers = callers
  }

  next(): MadeRequest {
    const as = this.#one(this.#callers)
    const kind = this.#random()
    if (kind < 0.55)
      return { method: 'GET', as, target: `/api/${this.#one(['objects', 'notes', 'shelves'])}${this.#query()}` }
    if (kind < 0.7)
      return { method: 'GET', as, target: `/api/${this.#one(['objects', 'notes'])}/${this.#id()}${this.#query(1)}` }
    if (kind < 0.92)
      return {
        method: 'GET',
        as,
        target: `/api/objects/${this.#id()}/${this.#one(branches)}${this.#tail()}${this.#query(2)}`,
      }
    return this.#write(as)
  }

  /** Writes that must be refused: on what the caller may not see, or with what may not be said. */
  #write(as: string): MadeRequest {
    const target = `/api/objects/${this.#id()}`
    const body = this.#one([
      '{"secret":"x"}',
      '{"nope":1}',
      '{"code":"code-4"}',
      '{"rank":"x"}',
      '{"owner":1}',
      '{"version":0,"title":"x"}',
      '{"wage":905}',
      '{"diary":"zephyr"}',
    ])
    return { method: 'PATCH', as, target, body }
  }

  #id(): string {
    if (this.#random() < 0.8) return String(this.#one(this.#ids))
    return this.#one(['0', '-1', '99999', 'zephyr', 'shelf', 'note-0-amber', 'x', '1e3', '%00', 'me'])
  }

  #tail(): string {
    return this.#random() < 0.2 ? `/${this.#id()}` : ''
  }

  #query(most = 4): string {
    const parts = Array.from({ length: Math.floor(this.#random() * (most + 1)) }, () => this.#part())
    const unique = [...new Map(parts.map((part) => [part.split('=')[0], part])).values()]
    return unique.length === 0 ? '' : `?${unique.join('&')}`
  }

  #part(): string {
    const kind = this.#random()
    if (kind < 0.45)
      return `filter[${this.#one(fields)}]${this.#one(operators)}=${encodeURIComponent(this.#one(values))}`
    if (kind < 0.6) return `filter[${this.#one(['query', 'substring'])}]=${encodeURIComponent(this.#one(values))}`
    if (kind < 0.65) return `filter[object_type]=${this.#one(['note', 'shelf', 'note,shelf', 'nope'])}`
    if (kind < 0.75) return `id=${this.#id()},${this.#id()}`
    if (kind < 0.87) return `sort=${this.#one(['', '-'])}${this.#one(fields)}`
    return this.#one(others)()
  }

  #one<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.#random() * list.length)]
    if (chosen === undefined) throw new Error('An empty list has nothing to choose from')
    return chosen
  }
}
