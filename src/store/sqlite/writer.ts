import type { Awaitable } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Observer } from '../../observe/observer.ts'
import type { ChangePlan, Transaction, Writer } from '../port.ts'
import type { Connection } from './connection.ts'
import { isBusy, isDiskFailure, translated } from './errors.ts'
import { Fence } from './fence.ts'
import { OpenTransaction } from './open-transaction.ts'
import { Patience } from './patience.ts'

interface Job {
  readonly work: (transaction: Transaction) => Awaitable<unknown>
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
  #connection: Connection
  readonly #fence: Fence
  readonly #patience = new Patience()
  #queue: Job[] = []
  /** Changes of word indexes, kept for the end of the group. */
  #late: ChangePlan[] = []
  #flushing: Promise<void> | undefined

  /** `open` makes its connection, and after the disk failed another one; it throws as long as the file cannot be relied upon. */
  constructor(open: (isAfterFailure: boolean) => Connection, observer?: Observer) {
    this.#connection = open(false)
    const mend = (): void => {
      this.#connection.close()
      this.#connection = open(true)
    }
    this.#fence = new Fence({ observer, mend })
  }

  /** Another one after the disk failed. */
  get connection(): Connection {
    return this.#connection
  }

  run: Writer['run'] = (plan) => this.#enqueue((transaction) => transaction.run(plan), true)

  transaction: Writer['transaction'] = (work) => this.#enqueue(work, false)

  /** Resolves when everything that was asked for so far is on disk or refused. */
  async settle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing
  }

  async close(): Promise<void> {
    await this.settle()
    this.#fence.close()
    this.#connection.close()
  }

  #enqueue<Result>(work: (transaction: Transaction) => Awaitable<Result>, single: boolean): Promise<Result> {
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
    const { refusal } = this.#fence
    if (refusal !== undefined) {
      for (const job of jobs) job.reject(refusal)
      return
    }
    const answers: (() => void)[] = []
    let isEnding = false
    try {
      await this.#begin()
      for (const job of jobs) answers.push(await this.#perform(job))
      for (const plan of this.#late) this.#connection.run(plan)
      isEnding = true
      this.#connection.say('commit')
    } catch (thrown) {
      const reason = this.#giveUp(thrown, isEnding)
      for (const job of jobs) job.reject(reason)
      return
    } finally {
      this.#late = []
    }
    for (const answer of answers) answer()
  }

  /** Why nothing of a group is acknowledged. */
  #giveUp(thrown: unknown, isEnding: boolean): unknown {
    const isDisk = isDiskFailure(thrown)
    if (isDisk) this.#fence.raise(thrown)
    try {
      if (this.#connection.inTransaction) this.#connection.say('rollback')
    } catch (cause) {
      this.#fence.raise(cause)
    }
    return isDisk && isEnding ? outcomeUnknown(thrown) : translated(thrown)
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
      if (!this.#connection.inTransaction || isDiskFailure(thrown)) throw thrown
      if (!job.single) {
        this.#connection.say('rollback to job')
        this.#connection.say('release job')
      }
      return () => job.reject(thrown)
    }
  }
}

/** All of it may be in the file, and valid, although it was not forced to the disk. */
function outcomeUnknown(cause: unknown): PosternError {
  return new PosternError('OUTCOME_UNKNOWN', 'The disk failed while this was being written', { cause })
}

const mostInGroup = 256
const patience = 10_000
