import type { Covering } from './coverage.ts'
import type { Mutant } from './find-mutants.ts'
import type { KeptVerdicts } from './kept-verdicts.ts'
import { runTest } from './run-test.ts'

interface Means {
  readonly tests: readonly Covering[]
  readonly kept: KeptVerdicts
  readonly order: TestOrder
}

/** Whether a test that runs this place fails with the fault. Tests that were asked before are not asked again. */
export async function isNoticed(mutant: Mutant, { tests, kept, order }: Means): Promise<boolean> {
  const covering = tests.filter(({ ran }) => ran(mutant.file, mutant.start))
  if (covering.some(({ test }) => kept.passed(mutant, test) === false)) return true
  const open = covering.filter(({ test }) => kept.passed(mutant, test) === undefined)
  for (const one of order.sort(mutant.file, open)) {
    const { passed } = await runTest(one.test, { mutant, limit: 5_000 + 5 * one.ms })
    kept.keep(mutant, one.test, passed)
    order.learn(mutant.file, one.test, !passed)
    if (!passed) return true
  }
  return false
}

/** Which test to ask first: the one that noticed the last fault of this file, then those that notice most for their time. */
export class TestOrder {
  readonly #last = new Map<string, string>()
  readonly #asked = new Map<string, { asked: number; noticed: number }>()

  sort(file: string, tests: readonly Covering[]): readonly Covering[] {
    return tests.toSorted((one, other) => this.#worth(file, other) - this.#worth(file, one))
  }

  learn(file: string, test: string, noticed: boolean): void {
    const so = this.#asked.get(`${file} ${test}`) ?? { asked: 0, noticed: 0 }
    if (noticed) this.#last.set(file, test)
    this.#asked.set(`${file} ${test}`, { asked: so.asked + 1, noticed: so.noticed + Number(noticed) })
  }

  #worth(file: string, { test, ms }: Covering): number {
    if (this.#last.get(file) === test) return Infinity
    const { asked, noticed } = this.#asked.get(`${file} ${test}`) ?? { asked: 0, noticed: 0 }
    return (noticed + 1) / (asked + 2) / ms
  }
}
