/** The disk fills up under writers, over and over: writes are refused as FULL, reads go on, and writes resume by themselves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PosternError } from '../../src/errors/postern-error.ts'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import type { Store } from '../../src/store/port.ts'
import { startCluster } from '../postgres/cluster.ts'
import { isWhole } from './kill9.ts'
import { isBroken, judge, ledgerSchema, writeEntry, type Verdict } from './ledger.ts'
import { makeSmallDisk, type SmallDisk } from './small-disk.ts'

export interface FullReport extends Verdict {
  readonly database: string
  readonly broken: boolean
  readonly rounds: number
  readonly refused: number
  /** Milliseconds until the slowest refusal. */
  readonly slowestRefusal: number
  /** Reads while the disk was full, and how many of them failed. */
  readonly reads: number
  readonly failedReads: number
  /** Milliseconds from the return of space to the first write that was done, the slowest of all rounds. */
  readonly slowestReturn: number
  /** Refusals that were not FULL. */
  readonly strange: readonly string[]
}

export async function fillSqlite(rounds: number): Promise<FullReport> {
  const size = 6 * 1024
  using disk = makeSmallDisk(size)
  const file = join(disk.folder, 'ledger.db')
  const report = await fillOften({ location: { file }, disk, size, rounds })
  return { database: 'SQLite', ...report, broken: report.broken || !isWhole(file) }
}

/** Its log is on another disk, as its makers advise: where that is full PostgreSQL ends itself, and is away until there is space. */
export async function fillPostgres(rounds: number): Promise<FullReport> {
  const size = 72 * 1024
  using disk = makeSmallDisk(size)
  const log = mkdtempSync(join(tmpdir(), 'postern-wal-'))
  const cluster = await startCluster({ durable: true, folder: join(disk.folder, 'pg'), log: join(log, 'wal') })
  try {
    const location = { url: cluster.url, file: '' }
    return { database: 'PostgreSQL', ...(await fillOften({ location, disk, size, rounds })) }
  } finally {
    await cluster.remove()
    rmSync(log, { recursive: true, force: true })
  }
}

interface Filling {
  readonly location: StoreLocation
  readonly disk: SmallDisk
  /** Kilobytes of the disk at first; it grows a little in each round. */
  readonly size: number
  readonly rounds: number
}

async function fillOften({ location, disk, size, rounds }: Filling): Promise<Omit<FullReport, 'database'>> {
  await using store = await openStore(location)
  await store.migrate([ledgerSchema])
  disk.leaveFree(2 * 1024)
  const filling = new Fill(store)
  for (let round = 1; round <= rounds; round++) {
    await filling.untilFull()
    await filling.whileFull()
    disk.resize(size + round * 1024)
    await filling.untilDone()
  }
  const verdict = await judge(store, 'full', filling.acknowledged)
  const { refused, slowestRefusal, reads, failedReads, slowestReturn, strange } = filling
  const broken =
    isBroken(verdict) || failedReads > 0 || slowestRefusal > 1_000 || slowestReturn > 1_000 || strange.length > 0
  const rounded = { slowestRefusal: Math.round(slowestRefusal), slowestReturn: Math.round(slowestReturn) }
  return { broken, rounds, refused, reads, failedReads, ...rounded, strange, ...verdict }
}

class Fill {
  readonly acknowledged = new Set<number>()
  readonly strange: string[] = []
  refused = 0
  slowestRefusal = 0
  slowestReturn = 0
  reads = 0
  failedReads = 0
  readonly #store: Store
  #next = 0

  constructor(store: Store) {
    this.#store = store
  }

  async untilFull(): Promise<void> {
    const before = this.refused
    for (let group = 0; this.refused === before; group++) {
      if (group > 5_000) throw new Error('The disk was never full')
      await this.#writeGroup()
    }
  }

  /** As many reads as there are; every write is refused, or is small enough to find a place after all. */
  async whileFull(): Promise<void> {
    for (let group = 0; group < 5; group++) {
      await Promise.all([this.#writeGroup(), ...Array.from({ length: 8 }, () => this.#read())])
    }
  }

  async untilDone(): Promise<void> {
    const begun = performance.now()
    const before = this.acknowledged.size
    while (this.acknowledged.size === before) {
      await this.#writeGroup()
      await sleep(10)
    }
    this.slowestReturn = Math.max(this.slowestReturn, performance.now() - begun)
  }

  async #writeGroup(): Promise<void> {
    await Promise.all(Array.from({ length: 32 }, () => this.#write(this.#next++)))
  }

  async #write(entry: number): Promise<void> {
    const begun = performance.now()
    try {
      await writeEntry(this.#store, 'full', entry)
      this.acknowledged.add(entry)
    } catch (thrown) {
      this.refused++
      this.slowestRefusal = Math.max(this.slowestRefusal, performance.now() - begun)
      const isFull = thrown instanceof PosternError && thrown.code === 'FULL' && thrown.status === 507
      if (!isFull && this.strange.length < 5) this.strange.push(String(thrown))
    }
  }

  async #read(): Promise<void> {
    this.reads++
    const where = { column: 'round', is: 'eq', value: 'full' } as const
    try {
      if ((await this.#store.read.count({ from: 'ledger', select: [], where })) === 0) this.failedReads++
    } catch {
      this.failedReads++
    }
  }
}
