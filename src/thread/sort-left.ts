import type { Surrendered } from './house-end.ts'
import type { Pending } from './pending.ts'
import type { Fault } from './site.ts'

/** What becomes of the calls that a lost thread had not answered. */
export interface SortedLeft {
  /** For the next thread. */
  readonly again: readonly Pending[]
  /** The call that is to blame, if it may be tried again: somewhere it can hurt nobody else. */
  readonly alone: readonly Pending[]
  /** Answered 503. */
  readonly lost: readonly Pending[]
}

/** Threads a call may be given to before any has begun it. */
const maxPasses = 3

/**
 * What had not begun goes to the next thread; of what had, only what may be repeated, and only once. What filled the heap
 * would fill it again: two such threads at a time could need all the memory of a small machine.
 */
export function sortLeft(
  left: readonly Surrendered[],
  { kind, endpoint }: Pick<Fault, 'kind' | 'endpoint'>,
): SortedLeft {
  const sorted: Record<keyof SortedLeft, Pending[]> = { again: [], alone: [], lost: [] }
  for (const { pending, begun } of left) {
    const fate = begun ? afterBegun(pending) : afterWaiting(pending)
    const isBlamed = begun && pending.name === endpoint
    if (!fate || (isBlamed && kind === 'heap')) sorted.lost.push(pending)
    else if (isBlamed) sorted.alone.push(pending)
    else sorted.again.push(pending)
  }
  return sorted
}

function afterBegun(pending: Pending): boolean {
  pending.begunTries++
  return pending.repeatable && pending.begunTries === 1
}

function afterWaiting(pending: Pending): boolean {
  pending.passes++
  return pending.passes < maxPasses
}
