import type { SelectPlan } from '../port.ts'
import { shapeOf } from '../shape.ts'
import { keepWithin } from '../statements.ts'

/**
 * Totals that were counted before. A bounded count costs twenty times the page it belongs to (bench: list), and most lists
 * are asked for again before anything is written. `version` is what SQLite counts up for a connection whenever another one
 * has committed, in whatever thread or process, so that no total outlives a change.
 */
export class CountMemory {
  readonly #version: () => number
  readonly #totals = new Map<string, number>()
  #known = -1

  constructor(version: () => number) {
    this.#version = version
  }

  /** The total, counted now unless it is known. */
  total(plan: SelectPlan, count: (plan: SelectPlan) => number): number {
    const version = this.#version()
    if (version !== this.#known) this.#totals.clear()
    this.#known = version
    const values: unknown[] = []
    const key = `${shapeOf(plan, values)} ${JSON.stringify(values)}`
    const known = this.#totals.get(key)
    if (known !== undefined) return known
    const total = count(plan)
    keepWithin(this.#totals, mostTotals)
    this.#totals.set(key, total)
    return total
  }
}

const mostTotals = 2_000
