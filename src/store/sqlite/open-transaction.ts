import { countPlan, targetOf } from '../compile.ts'
import type { Changed, ChangePlan, Transaction } from '../port.ts'
import type { Connection } from './connection.ts'

/**
 * Lives as long as its job; what speaks to it later, or after a failed change, is refused. Word indexes are changed at the
 * end of the group, in one go: SQLite would write out a piece of such an index at each savepoint.
 */
export class OpenTransaction implements Transaction {
  readonly #connection: Connection
  readonly late: ChangePlan[] = []
  #refusal: string | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  rows: Transaction['rows'] = (plan) => this.#open().rows(plan)
  first: Transaction['first'] = (plan) => this.#open().first(plan)
  count: Transaction['count'] = (plan, limit) => this.#open().count(countPlan(plan, limit))

  run: Transaction['run'] = (plan): Changed => {
    this.#assertOpen()
    if (this.#connection.isWordIndex(targetOf(plan))) {
      this.late.push(plan)
      return { count: 1, rows: [] }
    }
    try {
      return this.#connection.run(plan)
    } catch (thrown) {
      this.#refusal = 'A change of this transaction failed; it can only be given up'
      throw thrown
    }
  }

  /** Throws where a change failed and the work kept that to itself. */
  finish(): void {
    this.#assertOpen()
    this.close()
  }

  close(): void {
    this.#refusal = 'The transaction is over'
  }

  #open(): Connection {
    this.#assertOpen()
    return this.#connection
  }

  #assertOpen(): void {
    if (this.#refusal !== undefined) throw new Error(this.#refusal)
  }
}
