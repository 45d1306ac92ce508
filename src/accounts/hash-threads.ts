import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { createWorkQueue } from './work-queue.ts'

export interface HashCost {
  /** KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

/** To hash a password, or to compare one with a hash that is stored. */
export type HashJob =
  | { readonly password: string; readonly cost: HashCost }
  | { readonly password: string; readonly stored: string }

export type HashAnswer = { readonly value: string | boolean } | { readonly failed: string }

/**
 * Threads of their own for hashing: neither the thread that answers nor Node's pool, which reads files and looks up names,
 * ever waits for a password. One core is left to the answers. They are the process's, started when first needed, and keep
 * nothing alive while they are idle.
 */
const atOnce = Math.max(1, availableParallelism() - 1)
const queue = createWorkQueue({ atOnce, inLine: 256 })
const idle: Worker[] = []

/** UNAVAILABLE where the line is full. */
export async function hashAside(password: string, cost: HashCost): Promise<string> {
  return String(await queue.run(() => done({ password, cost })))
}

export async function matchAside(password: string, stored: string): Promise<boolean> {
  return (await queue.run(() => done({ password, stored }))) === true
}

async function done(job: HashJob): Promise<string | boolean> {
  const worker = idle.pop() ?? newWorker()
  worker.ref()
  const { promise, resolve, reject } = Promise.withResolvers<HashAnswer>()
  const failed = (thrown: unknown): void =>
    reject(thrown instanceof Error ? thrown : new Error('The thread has ended.'))
  worker.once('message', resolve).once('error', failed).once('exit', failed)
  worker.postMessage(job)
  const answer = await promise
  worker.off('error', failed).off('exit', failed).unref()
  idle.push(worker)
  if ('failed' in answer) throw new Error(answer.failed)
  return answer.value
}

/** One that ends while it is idle is not asked again. */
function newWorker(): Worker {
  const kind = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`../accounts/hash-worker.${kind}`, import.meta.url), { name: 'hashing' })
  const gone = (): void => {
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
  }
  return worker.on('error', gone).on('exit', gone)
}
