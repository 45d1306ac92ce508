import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import type { Worker } from 'node:worker_threads'

const stuck = new Set<Worker>()

/**
 * Threads that were told to end and do not: V8 compiles a few loops so that nothing can stop them. While there is one, the
 * process cannot end in order either, because it waits for all of its threads: only a kill ends it.
 */
export function stuckThreads(): number {
  return stuck.size
}

/** Such a thread gets what processor time nobody else wants, and the memory that its limit leaves it. */
export function noteStuck(worker: Worker, name: string): void {
  stuck.add(worker)
  worker.once('exit', () => stuck.delete(worker))
  worker.unref()
  try {
    for (const id of threadsNamed(name)) setPriority(id, constants.priority.PRIORITY_LOW)
  } catch {
    // Only Linux has numbers for threads; elsewhere it takes its share.
  }
}

/** The system cuts names at fifteen characters. */
function threadsNamed(name: string): number[] {
  const folder = '/proc/self/task'
  const nameOf = (id: string): string => readFileSync(`${folder}/${id}/comm`, 'utf8').trim()
  return readdirSync(folder)
    .filter((id) => nameOf(id) === name.slice(0, 15))
    .map(Number)
}
