import type { SelectPlan } from '../port.ts'
import { shapeOf } from '../shape.ts'
import { keepWithin } from '../statements.ts'

/**
 * Totals that were counted before. A bounded count costs many times the page it belongs to, and most lists are asked for
 * again before anything is written. `version` differs whenever any Postern has written, in whatever process; who writes
 * past all of them shows in totals after two seconds. Counts that are cheap are not worth the question and are made anew.
 */
export class CountMemory {
  readonly #version: () => Promise<string | undefined>
  readonly #totals = new Map<string, Known | 'cheap'>()

  /** Undefined: nobody can say, so nothing is remembered. */
  constructor(version: () => Promise<string | undefined>) {
    this.#version = version
  }

  /** The total, counted now unless it is known. */
  async total(plan: SelectPlan, count: (plan: SelectPlan) => Promise<number>): Promise<number> {
    const values: unknown[] = []
    const key = `${shapeOf(plan, values)} ${JSON.stringify(values)}`
    const known = this.#totals.get(key)
    const version = known === 'cheap' ? undefined : await this.#version()
    const begun = performance.now()
    if (typeof known === 'object' && known.version === version && begun - known.at < longest) return known.total
    const total = await count(plan)
    const isCheap = performance.now() - begun < cheap
    keepWithin(this.#totals, mostTotals)
    if (isCheap) this.#totals.set(key, 'cheap')
    else if (version === undefined) this.#totals.delete(key)
    else this.#totals.set(key, { total, version, at: begun })
    return total
  }
}

interface Known {
  readonly total: number
  /** From before it was counted, so that what was written meanwhile is noticed. */
  readonly version: string
  readonly at: number
}

const longest = 2_000
const cheap = 1.5
const mostTotals = 2_000
