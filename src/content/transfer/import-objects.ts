import { anonymous } from '../../endpoint/caller.ts'
import type { StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Store } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { isNamedValues } from '../named-values.ts'
import type { Input } from '../parts.ts'
import type { ContentRoom } from '../room.ts'
import type { Find } from './find.ts'
import { isEmpty, isOfInput, type Pending, PendingTies, type ResolvedTies } from './pending-ties.ts'
import type { ImportRecord } from './read-records.ts'

export interface ImportOptions {
  readonly room: Pick<ContentRoom, 'perform' | 'types'>
  readonly store: Pick<Store, 'read' | 'write'>
  readonly type: string
  readonly records: AsyncIterable<ImportRecord>
  /** Makes fields of a record; `undefined` leaves it out. Throwing rejects it. */
  readonly map?: (value: Readonly<Record<string, unknown>>, find: Find) => unknown
  /** Told of each line that was not taken, with the reason; throwing ends the import. */
  readonly rejected?: (rejection: Rejection, counts: ImportCounts) => void
  readonly progress?: (counts: ImportCounts) => void
  /** A name for this import: begun again under it after it broke off, it goes on behind the last line that was taken. */
  readonly resume?: string
  /** Forgets that one of this name broke off. */
  readonly again?: boolean
}

export interface Rejection {
  readonly line: number
  readonly reason: string
  readonly value: unknown
}

export interface ImportCounts {
  readonly read: number
  readonly created: number
  readonly rejected: number
  /** Lines that an earlier run had taken already. */
  readonly skipped: number
}

interface Item extends ResolvedTies {
  readonly line: number
  readonly value: unknown
}

/**
 * Creates an object for each record, as the system, some hundreds in a transaction. A line that does not fit is told and
 * left out, its neighbours are taken; what is wrong with the server itself (no space, no database) ends it, and it can be
 * resumed. Ties may name objects by slug that come later: they are tied at the end.
 */
export async function importObjects(options: ImportOptions): Promise<ImportCounts> {
  const run = new ImportRun(options)
  await run.start()
  let batch: Item[] = []
  for await (const record of options.records) {
    const item = await run.take(record)
    if (item !== undefined) batch.push(item)
    if (batch.length < batchSize) continue
    await run.write(batch)
    batch = []
  }
  if (batch.length > 0) await run.write(batch)
  await run.finish()
  return run.counts
}

class ImportRun {
  readonly #options: ImportOptions
  readonly #ties: PendingTies
  readonly #known = new Map<string, number | undefined>()
  #counts = { read: 0, created: 0, rejected: 0, skipped: 0 }
  #done = 0

  constructor(options: ImportOptions) {
    this.#options = options
    this.#ties = new PendingTies(options, system, this.find)
  }

  get counts(): ImportCounts {
    return { ...this.#counts }
  }

  async start(): Promise<void> {
    const { resume, again, store } = this.#options
    if (resume === undefined) return
    if (again === true) await store.write.run({ delete: 'content_facts', where: this.#where })
    const plan = { from: 'content_facts', select: ['name', 'value'], where: this.#where, order: [{ column: 'name' }] }
    const rows = await store.read.rows(plan)
    for (const { name, value } of rows) {
      if (name === this.#fact) this.#done = Number(value)
      else for (const one of JSON.parse(String(value)) as Pending[]) this.#ties.remember(one)
    }
  }

  find: Find = async (type, field, value) => {
    const key = JSON.stringify([type, field, value])
    if (this.#known.has(key)) return this.#known.get(key)
    const query = { filter: { [field]: [value] }, page_size: 1, ...(type === 'objects' ? {} : { fields: 'id' }) }
    const page = await this.#options.room.perform(
      'objects.list',
      { ...(type === 'objects' ? {} : { type }), query },
      system,
    )
    const id = page.data[0]?.id
    if (id !== undefined && this.#known.size < mostKnown) this.#known.set(key, id)
    return id
  }

  async take(record: ImportRecord): Promise<Item | undefined> {
    this.#counts.read++
    if (record.line <= this.#done) {
      this.#counts.skipped++
      return undefined
    }
    if (!('value' in record)) return this.#reject(record.line, record.reason, record.text)
    const { line, value } = record
    try {
      const mapped = this.#options.map === undefined ? value : await this.#options.map(value, this.find)
      if (mapped === undefined || mapped === null) return undefined
      if (!isNamedValues(mapped)) throw new TypeError('map gave no fields')
      return { line, value, ...(await this.#ties.resolved(withoutServerNames(mapped))) }
    } catch (thrown) {
      if (!isOfInput(thrown)) throw thrown
      return this.#reject(line, reasonOf(thrown), value)
    }
  }

  /** All at once; where that is refused, one by one, to find the lines that are at fault. */
  async write(items: readonly Item[]): Promise<void> {
    try {
      await this.#create(items)
    } catch (thrown) {
      if (!(thrown instanceof PosternError) || !isOfInput(thrown)) throw thrown
      if (items.length === 1) this.#reject(items[0]?.line ?? 0, reasonOf(thrown), items[0]?.value)
      else for (const item of items) await this.write([item])
    }
    this.#options.progress?.(this.counts)
  }

  async finish(): Promise<void> {
    for (const { line, reason } of await this.#ties.tieAll()) this.#reject(line, reason, undefined)
    if (this.#options.resume !== undefined)
      await this.#options.store.write.run({ delete: 'content_facts', where: this.#where })
  }

  async #create(items: readonly Item[]): Promise<void> {
    const { room, type, resume } = this.#options
    const left = items.flatMap((one, index) => (isEmpty(one.left) ? [] : [{ index, line: one.line, ...one.left }]))
    const fact = resume === undefined ? {} : { fact: { name: this.#fact, value: items.at(-1)?.line, left } }
    const drafts = items.map(({ fields }) => ({ type, fields }))
    const created = (await room.perform('objects.create', { items: drafts, ...fact }, system)) as StoredObject[]
    this.#counts.created += created.length
    for (const { index, ...waiting } of left) this.#ties.remember({ ...waiting, id: created[index]?.id ?? 0 })
  }

  /** How far it came, and under longer names what waits of each batch. */
  get #where(): Predicate {
    const waiting: Predicate[] = [
      { column: 'name', is: 'gt', value: `${this.#fact}\n` },
      { column: 'name', is: 'lt', value: `${this.#fact}\n:` },
    ]
    return { any: [{ column: 'name', is: 'eq', value: this.#fact }, { all: waiting }] }
  }

  get #fact(): string {
    return `import ${this.#options.resume ?? ''}`
  }

  #reject(line: number, reason: string, value: unknown): undefined {
    this.#counts.rejected++
    this.#options.rejected?.({ line, reason, value }, this.counts)
    return undefined
  }
}

/** What an export holds beside what can be written. */
function withoutServerNames(fields: Input): Input {
  const { id: _id, version: _version, object_type: _type, meta: _meta, ...rest } = fields
  return rest
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'could not be read'
}

const system: Actor = { caller: anonymous, system: 'import' }
const batchSize = 250
const mostKnown = 500_000
