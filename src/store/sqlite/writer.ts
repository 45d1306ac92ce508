import type { ChangePlan, Transaction, Writer } from '../port.ts'
import type { Connection } from './connection.ts'
import { isBusy, translated } from './errors.ts'
import { OpenTransaction } from './open-transaction.ts'
import { Patience } from './patience.ts'

interface Job {
  readonly work: (transaction: Transaction) => Promise<unknown>
  /** One statement is all or nothing by itself and needs no savepoint. */
  readonly single: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/**
 * The one writer of a file. All writes that arrive in one turn of the event loop share a transaction and one fsync, each
 * behind its own savepoint, and are answered after the commit: a write that fails takes none of the others with it.
 */
export class GroupWriter implements Writer {
  readonly #connection: Connection
  readonly #patience = new Patience()
  #queue: Job[] = []
  /** Changes of word indexes, kept for the end of the group. */
  #late: ChangePlan[] = []
  #flushing: Promise<void> | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  run: Writer['run'] = (plan) => this.#enqueue((transaction) => transaction.run(plan), true)

  transaction: Writer['transaction'] = (work) => this.#enqueue(work, false)

  /** Resolves when everything that was asked for so far is on disk or refused. */
  async settle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing
  }

  #enqueue<Result>(work: (transaction: Transaction) => Promise<Result>, single: boolean): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#queue.push({ work, single, resolve: resolve as (value: unknown) => void, reject })
    this.#flushing ??= new Promise((done) => setImmediate(() => void this.#flush().finally(done)))
    return promise
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#commit(this.#queue.splice(0, mostInGroup))
      // Whoever writes again as soon as it is answered must not keep everything else in the process waiting.
      await new Promise((turn) => setImmediate(turn))
    }
    this.#patience.rest()
    this.#flushing = undefined
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      await this.#begin()
      for (const job of jobs) answers.push(await this.#perform(job))
      for (const plan of this.#late) this.#connection.run(plan)
      this.#connection.say('commit')
    } catch (thrown) {
      if (this.#connection.inTransaction) this.#connection.say('rollback')
      const reason = translated(thrown)
      for (const job of jobs) job.reject(reason)
      return
    } finally {
      this.#late = []
    }
    for (const answer of answers) answer()
  }

  /** Waits for writers of other processes without blocking the event loop. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + patience
    for (;;) {
      try {
        this.#connection.say('begin immediate')
        return
      } catch (thrown) {
        if (!isBusy(thrown) || performance.now() > deadline) throw thrown
        await new Promise((again) => setTimeout(again, 5 + Math.random() * 20))
      }
    }
  }

  /** Does one job and says how it is to be answered once the group is committed. Throws only where the whole group is lost. */
  async #perform(job: Job): Promise<() => void> {
    if (!job.single) this.#connection.say('savepoint job')
    const transaction = new OpenTransaction(this.#connection)
    try {
      const value = await this.#patience.within(job.work(transaction))
      transaction.finish()
      this.#late.push(...transaction.late)
      if (!job.single) this.#connection.say('release job')
      return () => job.resolve(value)
    } catch (thrown) {
      transaction.close()
      if (!this.#connection.inTransaction) throw thrown
      if (!job.single) {
        this.#connection.say('rollback to job')
        this.#connection.say('release job')
      }
      return () => job.reject(thrown)
    }
  }
}

const mostInGroup = 256
const patience = 10_000
