/** PostgreSQL stopped and started under load: everybody is answered in time, it goes on by itself, nothing is written twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { PosternError } from '../../src/errors/postern-error.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import type { Store } from '../../src/store/port.ts'
import { startCluster, type Cluster } from '../postgres/cluster.ts'
import { halvesOf, isBroken, judge, ledgerSchema, writeEntry, type Verdict } from './ledger.ts'

export interface RestartReport extends Verdict {
  readonly broken: boolean
  readonly restarts: number
  readonly reads: number
  readonly refused: number
  readonly unknownOutcomes: number
  /** Milliseconds until the slowest refusal. */
  readonly slowestRefusal: number
  /** Milliseconds from the server taking connections to the first write that was done, the slowest of all restarts. */
  readonly slowestReturn: number
  /** Answers that were neither a result nor a refusal that says to come again. */
  readonly strange: readonly string[]
}

export async function restartUnderLoad(restarts: number): Promise<RestartReport> {
  const cluster = await startCluster({ durable: true })
  try {
    await using store = await openPostgres(cluster.url)
    await store.migrate([ledgerSchema])
    const load = new Load(store)
    const running = load.run()
    let slowestReturn = 0
    for (let restart = 0; restart < restarts; restart++) {
      await sleep(200 + Math.random() * 300)
      await stop(cluster, restart)
      // Shorter and longer than what a caller is kept waiting.
      await sleep(Math.random() * (restart % 4 === 3 ? 3_000 : 600))
      await cluster.start()
      slowestReturn = Math.max(slowestReturn, await load.nextSuccess())
    }
    load.stop()
    await running
    const verdict = await judge(store, 'load', load.acknowledged)
    const { refused, unknownOutcomes, slowestRefusal, strange, reads } = load
    const broken = isBroken(verdict) || slowestRefusal > 2_000 || slowestReturn > 1_000 || strange.length > 0
    const rounded = { slowestRefusal: Math.round(slowestRefusal), slowestReturn: Math.round(slowestReturn) }
    return { broken, restarts, reads, refused, unknownOutcomes, ...rounded, strange, ...verdict }
  } finally {
    await cluster.remove()
  }
}

async function stop(cluster: Cluster, restart: number): Promise<void> {
  const ways = [() => cluster.stop('fast'), () => cluster.stop('immediate'), () => cluster.kill()]
  await ways[restart % ways.length]?.()
}

/** 32 writers and 8 readers that come again when they are told to, as a caller would. */
class Load {
  readonly acknowledged = new Set<number>()
  readonly strange: string[] = []
  refused = 0
  unknownOutcomes = 0
  slowestRefusal = 0
  reads = 0
  readonly #store: Store
  #next = 0
  #isOver = false
  #waiting: (() => void)[] = []

  constructor(store: Store) {
    this.#store = store
  }

  async run(): Promise<void> {
    const writers = Array.from({ length: 32 }, () => this.#write())
    const readers = Array.from({ length: 8 }, () => this.#read())
    await Promise.all([...writers, ...readers])
  }

  stop(): void {
    this.#isOver = true
  }

  /** Milliseconds until the next write that is done. */
  async nextSuccess(): Promise<number> {
    const begun = performance.now()
    await new Promise<void>((done) => this.#waiting.push(done))
    return performance.now() - begun
  }

  async #write(): Promise<void> {
    while (!this.#isOver) {
      const entry = this.#next++
      while (!(await this.#attempt(entry))) await sleep(20)
      this.acknowledged.add(entry)
      for (const done of this.#waiting.splice(0)) done()
    }
  }

  async #attempt(entry: number): Promise<boolean> {
    const said = await this.#answered(() => writeEntry(this.#store, 'load', entry))
    if (said !== 'OUTCOME_UNKNOWN') return said === 'done'
    this.unknownOutcomes++
    for (;;) {
      let found = 0
      const looked = await this.#answered(async () => {
        found = await this.#store.read.count({ from: 'ledger', select: [], where: entryOf(entry) })
      })
      if (looked === 'done') return found === halvesOf(entry)
      await sleep(20)
    }
  }

  async #read(): Promise<void> {
    while (!this.#isOver) {
      const said = await this.#answered(async () =>
        this.#store.read.first({ from: 'ledger', select: ['id'], where: entryOf(1) }),
      )
      if (said === 'done') this.reads++
      await sleep(5)
    }
  }

  async #answered(work: () => Promise<unknown>): Promise<string> {
    const begun = performance.now()
    try {
      await work()
      return 'done'
    } catch (thrown) {
      this.refused++
      this.slowestRefusal = Math.max(this.slowestRefusal, performance.now() - begun)
      if (!(thrown instanceof PosternError)) return this.#wonder(String(thrown))
      if (thrown.code === 'OUTCOME_UNKNOWN') return thrown.code
      if (thrown.code !== 'UNAVAILABLE' || thrown.headers['retry-after'] === undefined) this.#wonder(thrown.message)
      return thrown.code
    }
  }

  #wonder(text: string): string {
    if (this.strange.length < 5) this.strange.push(text)
    return 'strange'
  }
}

function entryOf(entry: number): { readonly all: readonly { column: string; is: 'eq'; value: string }[] } {
  return {
    all: [
      { column: 'round', is: 'eq', value: 'load' },
      { column: 'entry', is: 'eq', value: `${entry}` },
    ],
  }
}
