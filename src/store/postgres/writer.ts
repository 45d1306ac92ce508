import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Awaitable } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { ChangePlan, Changed, Transaction, Writer } from '../port.ts'
import type { Statements } from '../statements.ts'
import { isLost, translated, unavailable } from './errors.ts'
import { OpenTransaction, withinPatience } from './open-transaction.ts'
import { deadlineFromNow, type Presence } from './presence.ts'
import { Session } from './session.ts'

interface Job {
  /** One statement is all or nothing by itself; a work may be many. */
  readonly task: { readonly plan: ChangePlan } | { readonly work: (transaction: Transaction) => Awaitable<unknown> }
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

interface Parts {
  readonly url: string
  readonly statements: Statements
  readonly presence: Presence
}

type Answers = readonly (() => void)[]

/**
 * The one writer of this process. All writes that arrive while it is busy share a transaction and one fsync, and are answered
 * after the commit: a write that fails takes none of the others with it. Writers of other processes wait their turn at
 * one lock, so that writes follow one another here exactly as they do in a file.
 *
 * Each group leaves its number in a row of this writer's own. When the connection is lost while a group is being
 * committed, that row tells afterwards whether it was.
 */
export class GroupWriter implements Writer {
  readonly #parts: Parts
  readonly #name = randomUUID()
  #serial = 0
  #session: Session | undefined
  #queue: Job[] = []
  #flushing: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  run: Writer['run'] = (plan) => this.#enqueue<Changed>({ plan })

  transaction: Writer['transaction'] = (work) => this.#enqueue({ work })

  /** Resolves when everything that was asked for so far is on disk or refused. */
  async settle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing
  }

  async close(): Promise<void> {
    await this.settle()
    const session = this.#session
    this.#session = undefined
    if (session === undefined || session.isLost) return
    await session.say(`delete from postern_writers where writer = '${this.#name}'`).catch(() => {})
    await session.close()
  }

  #enqueue<Result>(task: Job['task']): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    if (this.#queue.length >= mostWaiting) throw unavailable('Too many writes are waiting for the database')
    this.#queue.push({ task, resolve: resolve as (value: unknown) => void, reject })
    this.#flushing ??= new Promise((done) => setImmediate(() => void this.#flush().finally(done)))
    return promise
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, mostInGroup))
    this.#flushing = undefined
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    try {
      const session = await this.#ready(deadlineFromNow())
      const plans = jobs.map(({ task }) => ('plan' in task ? task.plan : undefined))
      const together = plans.every((plan) => plan !== undefined)
        ? await this.#together(session, jobs, plans)
        : undefined
      const answers = together ?? (await this.#oneByOne(session, jobs))
      for (const answer of answers) answer()
    } catch (thrown) {
      const reason = translated(thrown)
      for (const job of jobs) job.reject(reason)
    }
  }

  /**
   * Sends a whole group at once. Undefined: one of them failed and nothing was written, so that each must be tried by
   * itself. Common case: none fails (bench: create).
   */
  async #together(session: Session, jobs: readonly Job[], plans: readonly ChangePlan[]): Promise<Answers | undefined> {
    const begun = session.begin()
    const changes = plans.map((plan) => session.run(plan))
    const ended = this.#end(session)
    const [results, [turn], isMade] = await Promise.all([
      Promise.allSettled(changes),
      Promise.allSettled([begun]),
      ended,
    ])
    if (!isMade && turn.status === 'rejected') throw turn.reason
    if (!isMade) return undefined
    return results.map((result, index) => () => {
      const job = jobs[index]
      if (result.status === 'fulfilled') job?.resolve(result.value)
      else job?.reject(isLost(result.reason) ? outcomeUnknown(result.reason) : translated(result.reason))
    })
  }

  async #oneByOne(session: Session, jobs: readonly Job[]): Promise<Answers> {
    const answers: (() => void)[] = []
    try {
      await session.begin()
      for (const job of jobs) answers.push(await perform(session, job))
    } catch (thrown) {
      if (session.isLost) this.#parts.presence.lost()
      else await session.say('rollback')
      throw thrown
    }
    if (await this.#end(session)) return answers
    throw unavailable('The write was undone')
  }

  /** Commits: true when it is done for good, false when the server undid it. */
  async #end(session: Session): Promise<boolean> {
    const serial = ++this.#serial
    const [, committed] = await Promise.allSettled([session.mark(this.#name, serial), session.say('commit')])
    if (committed.status === 'fulfilled') return committed.value === 'COMMIT'
    if (!session.isLost) throw committed.reason
    this.#parts.presence.lost()
    return this.#wasCommitted(serial, committed.reason)
  }

  /** Asks the server after its return. The lock makes sure that the lost transaction has come to its end by then. */
  async #wasCommitted(serial: number, cause: unknown): Promise<boolean> {
    try {
      const session = await this.#ready(deadlineFromNow())
      await session.begin()
      const last = await session.lastMark(this.#name)
      await session.say('rollback')
      if (last < serial) throw unavailable('The database went away; nothing was written', cause)
      return true
    } catch (thrown) {
      if (thrown instanceof PosternError && thrown.cause === cause) throw thrown
      throw outcomeUnknown(cause)
    }
  }

  async #ready(deadline: number): Promise<Session> {
    const { presence, url, statements } = this.#parts
    for (;;) {
      const session = this.#session
      if (session !== undefined && !session.isLost) return session
      await presence.ready(deadline)
      try {
        const fresh = await Session.open(url, statements)
        this.#session = fresh
        await fresh.prepare()
      } catch (thrown) {
        this.#session = undefined
        if (!isLost(thrown) || performance.now() > deadline) throw thrown
        presence.lost()
        await sleep(20)
      }
    }
  }
}

/** Does one job and says how it is to be answered once the group is committed. Throws only where the whole group is lost. */
async function perform(session: Session, job: Job): Promise<() => void> {
  const { task } = job
  const savepoint = session.say('savepoint job')
  savepoint.catch(() => {})
  const transaction = new OpenTransaction(session)
  try {
    const value = await ('plan' in task ? transaction.run(task.plan) : withinPatience(task.work(transaction)))
    transaction.finish()
    // Not waited for: where it cannot be released the commit undoes the whole group.
    session.say('release job').catch(() => {})
    return () => job.resolve(value)
  } catch (thrown) {
    transaction.close()
    if (session.isLost) throw thrown
    await session.say('rollback to job; release job')
    return () => job.reject(thrown)
  }
}

function outcomeUnknown(cause: unknown): PosternError {
  return new PosternError('OUTCOME_UNKNOWN', 'The database went away while this was being written', { cause })
}

const mostInGroup = 256
const mostWaiting = 10_000
