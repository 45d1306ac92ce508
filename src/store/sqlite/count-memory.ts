import type { Compiled } from '../compile.ts'
import { keepWithin } from '../statements.ts'

/**
 * Totals that were counted before. A bounded count costs twenty times the page it belongs to (bench: list), and most lists
 * are asked for again before anything is written. `version` is what SQLite counts up for a connection whenever another one
 * has committed, in whatever thread or process, so that no total outlives a change.
 */
export class CountMemory {
  readonly #version: () => number
  readonly #totals = new Map<string, number>()
  readonly #names = new WeakMap<Compiled, number>()
  #next = 0
  #known = -1

  constructor(version: () => number) {
    this.#version = version
  }

  /** The total of a compiled count and its values, counted now unless it is known. */
  total(compiled: Compiled, values: readonly unknown[], count: () => number): number {
    const version = this.#version()
    if (version !== this.#known) this.#totals.clear()
    this.#known = version
    const key = `${this.#nameOf(compiled)} ${JSON.stringify(values)}`
    const known = this.#totals.get(key)
    if (known !== undefined) return known
    const total = count()
    if (key.length > longestKey) return total
    keepWithin(this.#totals, mostTotals)
    this.#totals.set(key, total)
    return total
  }

  #nameOf(compiled: Compiled): number {
    const known = this.#names.get(compiled)
    if (known !== undefined) return known
    this.#next += 1
    this.#names.set(compiled, this.#next)
    return this.#next
  }
}

/** Some 150 bytes each, as a rule. */
const mostTotals = 10_000
const longestKey = 400
