import { Worker } from 'node:worker_threads'
import { SharedState } from './shared-state.ts'
import type { LifeMessage, LoadMessage } from './protocol.ts'
import type { SiteAsked } from './site-code.ts'
import { noteStuck } from './stuck-threads.ts'

/** MB beyond the limit of the heap that V8 itself gets: one allocation beyond what V8 has ends the whole process, so the house watches the limit instead. */
const headroom = 512

/** ms that a thread gets to end. */
const patience = 2_000

export interface WorkerOptions {
  /** MB. */
  readonly heapLimit: number
  /** The thread's composition root; absent: Postern's own. */
  readonly entry?: URL | undefined
  /** Whether to make ready for files that have changed. */
  readonly warm?: boolean
}

export type Life = Exclude<LifeMessage, { readonly life: 'ready' }>
export type Death = { readonly kind: 'heap' | 'exit' | 'uncaught'; readonly message: string }

let count = 0

/** A booted thread that has not been told which site is its own: Postern's modules are loaded, the site's are not. */
export class SiteWorker {
  /** Unique in the process: by it a debugger finds the thread. */
  readonly name = `site-${++count}`
  readonly worker: Worker
  readonly shared = new SharedState()
  /** Ends with the thread, whatever ended it. */
  readonly died: Promise<Death>
  onLife: (message: Life) => void = () => {}
  onTraffic: (values: readonly unknown[]) => void = () => {}

  constructor(options: WorkerOptions) {
    const entry =
      options.entry ?? new URL(`../thread/entry.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
    const resourceLimits = {
      maxOldGenerationSizeMb: options.heapLimit + headroom,
      maxYoungGenerationSizeMb: 16,
      stackSizeMb: 4,
    }
    this.worker = new Worker(entry, { name: this.name, resourceLimits, workerData: { warm: options.warm ?? false } })
    this.died = deathOf(this.worker)
    this.worker.on('message', (message: LifeMessage | readonly unknown[]) => {
      if (isTraffic(message)) this.onTraffic(message)
      else if (message.life !== 'ready') this.onLife(message)
    })
  }

  load(asked: SiteAsked): void {
    this.worker.postMessage({ load: asked, shared: this.shared.memory } satisfies LoadMessage)
  }

  /** Resolves when the thread has ended, or is past waiting for. */
  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      noteStuck(this.worker, this.name)
      resolve()
    }, patience)
    await Promise.race([this.worker.terminate(), promise])
    clearTimeout(timer)
  }
}

function isTraffic(message: LifeMessage | readonly unknown[]): message is readonly unknown[] {
  return Array.isArray(message)
}

function deathOf(worker: Worker): Promise<Death> {
  const { promise, resolve } = Promise.withResolvers<Death>()
  worker.once('error', (error: Error) => {
    const heap = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    resolve(
      heap
        ? { kind: 'heap', message: 'The heap ran full.' }
        : { kind: 'uncaught', message: error.stack ?? String(error) },
    )
  })
  worker.once('exit', (code) => resolve({ kind: 'exit', message: `The thread ended with exit code ${code}.` }))
  return promise
}
