import { PosternError } from '../errors/postern-error.ts'
import { HouseEnd, type Surrendered } from './house-end.ts'
import { ask, type Pending } from './pending.ts'
import type { LoadedData } from './protocol.ts'
import type { SiteAsked } from './site-code.ts'
import { asksOf } from './site-asks.ts'
import { SiteWorker } from './site-worker.ts'
import type { Fault, HouseServices, Opening, Site } from './site.ts'
import { framesOfStack, type Frame } from './stack-frames.ts'
import { collectGarbage, lookInto } from './thread-probe.ts'
import { watchLoading } from './watch-loading.ts'
import { Watchdog } from './watchdog.ts'

export interface ThreadOptions {
  readonly asked: SiteAsked
  readonly house: HouseServices
  /** What the loaded settings say of threads. */
  readonly readLimits: (settings: unknown) => Limits
  readonly entry?: URL | undefined
  /** A thread booted earlier, to load the site at once. */
  readonly spare?: SiteWorker | undefined
  /** The thread is no more; whoever listens settles what it had not answered. Absent: all of it is answered 503. */
  readonly onLost?: (site: ThreadSite, loss: Loss) => void
  /** The thread may have to be replaced soon. */
  readonly onSuspicion?: () => void
  /** Something was thrown outside any call: the thread runs on, and should be replaced. */
  readonly onUncaught?: (site: ThreadSite, evidence: Evidence) => void
}

/** What is known of a fault before anyone is blamed for it. */
export interface Evidence {
  readonly kind: Fault['kind']
  readonly message: string
  /** Where the thread was, innermost first, as far as it could be seen. */
  readonly frames: readonly Frame[]
  /** The endpoint whose call began last, if it was still unanswered. */
  readonly lastBegun: string | undefined
}

export interface Limits {
  /** ms without a turn of the thread's event loop while something waits. */
  readonly stallLimit: number
  /** MB. */
  readonly heapLimit: number
}

export interface Loss {
  readonly evidence: Evidence
  readonly left: readonly Surrendered[]
}

/** Opens a site in a thread of its own. It never throws: what keeps the site from opening is data. */
export async function openThreadSite(options: ThreadOptions): Promise<Opening<ThreadSite>> {
  const host = options.spare ?? new SiteWorker({ heapLimit: 128, entry: options.entry })
  const { promise, resolve } = Promise.withResolvers<LoadedData | Broken>()
  host.onLife = (message) => {
    if (message.life === 'loaded') resolve(message.site)
    else if (message.life === 'broken') resolve({ broken: message.problems })
    else resolve(brokenBy(message.stack))
  }
  void host.died.then(({ message }) => resolve(brokenBy(message)))
  const end = new HouseEnd(host, options.house)
  host.onTraffic = (values) => end.receive(values)
  host.load(options.asked)
  const rest = watchLoading(host, options.asked.root, { blocked: (problem) => resolve({ broken: [problem] }) })
  const outcome = await promise
  rest()
  if ('records' in outcome) return { site: new ThreadSite({ host, end, data: outcome }, options) }
  await host.end()
  return outcome
}

function brokenBy(message: string): Broken {
  const firstLine = message.split('\n', 1)[0] ?? ''
  const hint = message === firstLine ? {} : { hint: message }
  return { broken: [{ fatal: true, code: 'BAD_SITE', message: firstLine, at: { file: '.' }, ...hint }] }
}

type Broken = Extract<Opening, { readonly broken: unknown }>

interface Parts {
  readonly host: SiteWorker
  readonly end: HouseEnd
  readonly data: LoadedData
}

export class ThreadSite implements Site {
  readonly records: Site['records']
  readonly types: Site['types']
  readonly exposure: Site['exposure']
  readonly hooks: Site['hooks']
  readonly whenNames: Site['whenNames']
  readonly packages: Site['packages']
  readonly problems: Site['problems']
  readonly settings: unknown
  readonly perform: Site['perform']
  readonly before: Site['before']
  readonly after: Site['after']
  readonly decide: Site['decide']
  readonly operationHook: Site['operationHook']
  readonly #limits: Limits
  readonly #host: SiteWorker
  readonly #end: HouseEnd
  readonly #options: ThreadOptions
  readonly #watchdog: Watchdog
  readonly #timeouts: ReadonlyMap<string, number>
  #ended = false

  constructor({ host, end, data }: Parts, options: ThreadOptions) {
    this.records = data.records
    this.types = data.types
    this.exposure = data.exposure
    this.hooks = data.hooks
    this.whenNames = data.whenNames
    this.packages = data.packages
    this.problems = data.problems
    this.settings = data.settings
    const asks = asksOf((task, leaving) => ask((pending) => this.adopt(pending), task, leaving))
    this.perform = asks.perform
    this.before = asks.before
    this.after = asks.after
    this.decide = asks.decide
    this.operationHook = asks.operationHook
    this.#limits = options.readLimits(data.settings)
    this.#host = host
    this.#end = end
    this.#options = options
    this.#timeouts = new Map(data.records.map((record) => [record.id, record.timeout]))
    end.open(data.records.map((record) => record.id))
    this.#watchdog = this.#watch()
    host.onLife = (message) => {
      if (message.life === 'uncaught') this.#uncaught(message.stack, message.lastBegun)
    }
    void host.died.then(({ kind, message }) => this.#lose({ kind, message, frames: [], lastBegun: this.#lastBegun() }))
  }

  /** Takes over what a lost thread left; its promises are still held by whoever asked. */
  adopt(pending: Pending): void {
    pending.watched = false
    pending.deadline ||= performance.now() + this.#limitOf(pending)
    if (this.#ended) return pending.reject(threadLost())
    this.#end.ask(pending)
    this.#watchdog.wake()
  }

  /** Gives back what loading has used, if nothing is under way. */
  tidy(): void {
    if (!this.#ended && !this.#end.busy) this.#end.tidy()
  }

  readonly close: Site['close'] = async (grace) => {
    await Promise.race([this.#end.drained(), afterward(grace)])
    if (this.#ended) return
    for (const [sequence] of this.#end.pending.entries()) this.#end.forsake(sequence, threadLost())
    this.#retire()
    await this.#host.end()
  }

  #limitOf(pending: Pending): number {
    return this.#timeouts.get(pending.name) ?? workTimeout
  }

  #watch(): Watchdog {
    return new Watchdog(this.#end, {
      stallLimit: this.#limits.stallLimit,
      heapLimit: this.#limits.heapLimit,
      heap: () => this.#megabytes(),
      onStall: () => void this.#stop('stall', `The event loop did not turn for ${this.#limits.stallLimit} ms.`),
      onSuspicion: () => this.#options.onSuspicion?.(),
      onHeap: (megabytes) => this.#relieve(megabytes),
    })
  }

  async #megabytes(): Promise<number> {
    const heap: HeapUse = await this.#host.worker.getHeapStatistics()
    return (heap.used_heap_size + (heap.external_memory ?? 0)) / 1_048_576
  }

  /** Much of a large heap may be rubbish that V8 had no reason yet to sweep up: only what is left then counts. */
  async #relieve(megabytes: number): Promise<void> {
    const { heapLimit } = this.#limits
    if (megabytes < 2 * heapLimit) {
      await collectGarbage(this.#host.name, 500)
      if (this.#ended || (await this.#megabytes()) <= heapLimit) return
    }
    await this.#stop('heap', `The heap grew beyond ${heapLimit} MB.`)
  }

  /** Ends a thread that does harm, once it has been seen where it was. */
  async #stop(kind: 'stall' | 'heap', message: string): Promise<void> {
    if (this.#ended) return
    this.#retire()
    const lastBegun = this.#lastBegun()
    const frames = await lookInto(this.#host.name, lookPatience)
    this.#surrender({ kind, message, frames, lastBegun })
    await this.#host.end()
  }

  #uncaught(stack: string, sequence: number): void {
    const frames = framesOfStack(stack)
    this.#options.onUncaught?.(this, {
      kind: 'uncaught',
      message: stack,
      frames,
      lastBegun: this.#end.nameOf(sequence),
    })
  }

  #lastBegun(): string | undefined {
    return this.#end.nameOf(this.#end.shared.lastBegun)
  }

  #lose(evidence: Evidence): void {
    if (this.#ended) return
    this.#retire()
    this.#surrender(evidence)
  }

  #retire(): void {
    this.#ended = true
    this.#watchdog.end()
  }

  #surrender(evidence: Evidence): void {
    const left = this.#end.surrender()
    if (this.#options.onLost) this.#options.onLost(this, { evidence, left })
    else for (const { pending } of left) pending.reject(threadLost())
  }
}

interface HeapUse {
  readonly used_heap_size: number
  readonly external_memory?: number
}

/** ms that hooks and rules may take. */
const workTimeout = 30_000
const lookPatience = 1_000

export function threadLost(): PosternError {
  return new PosternError('SITE_THREAD_LOST', 'The code of this site stopped unexpectedly and was started again.', {
    headers: { 'retry-after': '1' },
  })
}

function afterward(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
