import { PosternError } from '../errors/postern-error.ts'

/**
 * Work that costs much, a few at a time, the rest in line. Where the line is full the newcomer is refused with
 * UNAVAILABLE at once: waiting longer than a client does helps nobody.
 */
export interface WorkQueue {
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  readonly waiting: () => number
}

export function createWorkQueue(limits: { readonly atOnce: number; readonly inLine: number }): WorkQueue {
  const line: (() => void)[] = []
  let running = 0

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running >= limits.atOnce) await standInLine()
    else running++
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next) next()
      else running--
    }
  }

  /** Whoever leaves hands the place over, so `running` stays as it is. */
  function standInLine(): Promise<void> {
    if (line.length >= limits.inLine) throw full()
    return new Promise((resolve) => line.push(resolve))
  }

  return { run, waiting: () => line.length }
}

function full(): PosternError {
  return new PosternError('UNAVAILABLE', 'Too many sign-ins at once.', { headers: { 'retry-after': '2' } })
}
