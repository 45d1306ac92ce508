import { takeEarly, usualHeapLimit } from './early-worker.ts'
import { SiteWorker } from './site-worker.ts'
import type { Opening } from './site.ts'
import { openThreadSite, type ThreadOptions, type ThreadSite } from './thread-site.ts'

interface FactoryOptions extends Omit<ThreadOptions, 'spare'> {
  /** Keep a booted thread at hand. */
  readonly keepSpare: boolean
}

/** ms after the first site has opened: until then the first answers have the machine. */
const settling = 500
/** ms that a thread booted on suspicion is kept. */
const patience = 10_000

/** Makes the threads of one site, each with the limits that the settings last gave. */
export class ThreadFactory {
  readonly #options: FactoryOptions
  /** MB; what the settings say is known only once a thread has loaded them. */
  #heapLimit = usualHeapLimit
  #spare: SiteWorker | undefined
  #hasOpened = false
  #unneeded: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: FactoryOptions) {
    this.#options = options
  }

  async open(): Promise<Opening<ThreadSite>> {
    const opening = await openThreadSite({ ...this.#options, onSuspicion: () => this.#stock(), spare: this.#take() })
    if (!('site' in opening)) return opening
    const { heapLimit } = this.#options.readLimits(opening.site.settings)
    const tooSmall = heapLimit > this.#heapLimit
    this.#heapLimit = heapLimit
    if (!tooSmall) return opening
    await opening.site.close(0)
    await this.#dropSpare()
    return this.open()
  }

  /** Boots a thread for the next time. Not while a site is being opened: the two would share the time. */
  restock(): void {
    if (!this.#options.keepSpare) return
    if (this.#hasOpened) return this.#stock()
    this.#hasOpened = true
    setTimeout(() => this.#stock(), settling).unref()
  }

  #stock(): void {
    if (this.#spare || this.#closed) return
    const spare = new SiteWorker({ heapLimit: this.#heapLimit, entry: this.#options.entry, warm: true })
    spare.worker.unref()
    this.#spare = spare
    if (!this.#options.keepSpare) this.#unneeded = setTimeout(() => void this.#dropSpare(), patience).unref()
    void spare.died.then(() => {
      if (this.#spare === spare) this.#spare = undefined
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#dropSpare()
  }

  #take(): SiteWorker {
    const spare = this.#spare ?? this.#early()
    this.#spare = undefined
    clearTimeout(this.#unneeded)
    spare?.worker.ref()
    return spare ?? new SiteWorker({ heapLimit: this.#heapLimit, entry: this.#options.entry })
  }

  #early(): SiteWorker | undefined {
    return this.#heapLimit === usualHeapLimit && this.#options.entry === undefined ? takeEarly() : undefined
  }

  async #dropSpare(): Promise<void> {
    const spare = this.#spare
    this.#spare = undefined
    await spare?.end()
  }
}
