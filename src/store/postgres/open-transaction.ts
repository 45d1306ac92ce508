import type { Awaitable } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { countPlan } from '../compile.ts'
import type { Changed, Plan, Row, Transaction } from '../port.ts'
import { translated } from './errors.ts'
import type { Session } from './session.ts'

/** Lives as long as its job; what speaks to it later, or after something failed, is refused. */
export class OpenTransaction implements Transaction {
  readonly #session: Session
  #refusal: string | undefined

  constructor(session: Session) {
    this.#session = session
  }

  rows: Transaction['rows'] = async (plan) => (await this.#ask(plan)).rows
  first: Transaction['first'] = async (plan) => (await this.#ask({ ...plan, limit: 1 })).rows[0]
  count: Transaction['count'] = async (plan, limit) => countIn((await this.#ask(countPlan(plan, limit))).rows)
  run: Transaction['run'] = (plan) => this.#ask(plan)

  /** Throws where something failed and the work kept that to itself. */
  finish(): void {
    this.#assertOpen()
    this.close()
  }

  close(): void {
    this.#refusal = 'The transaction is over'
  }

  async #ask(plan: Plan): Promise<Changed> {
    this.#assertOpen()
    try {
      return await this.#session.run(plan)
    } catch (thrown) {
      this.#refusal ??= 'Something in this transaction failed; it can only be given up'
      throw translated(thrown)
    }
  }

  #assertOpen(): void {
    if (this.#refusal !== undefined) throw new Error(this.#refusal)
  }
}

function countIn(rows: readonly Row[]): number {
  return Number(rows[0]?.['n'] ?? 0)
}

/** The work's result, or UNAVAILABLE when it takes too long: everyone else's writes wait for it. */
export async function withinPatience<Value>(work: Awaitable<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(
      new PosternError('UNAVAILABLE', 'The write took too long and was undone', { headers: { 'retry-after': '1' } }),
    )
  }, longestWork)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

const longestWork = 5_000
