import type { Observer } from '../observe/observer.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { blame } from './blame.ts'
import { CallDesk } from './call-desk.ts'
import { FaultLog, type FaultEntry } from './fault-log.ts'
import { Gate } from './gate.ts'
import type { Pending } from './pending.ts'
import { problemOfThrown } from './problem-of-thrown.ts'
import { asksOf, type SiteAsks } from './site-asks.ts'
import type { SiteAsked } from './site-code.ts'
import type { Fault, HouseServices, Site } from './site.ts'
import { sortLeft } from './sort-left.ts'
import { ThreadFactory } from './thread-factory.ts'
import { threadLost, type Evidence, type Limits, type Loss, type ThreadSite } from './thread-site.ts'

export interface SupervisorOptions {
  readonly asked: SiteAsked
  readonly house: HouseServices
  readonly observer: Observer
  /** What the loaded settings say of threads, and where the data folder is. */
  readonly readLimits: (settings: unknown) => Limits & { readonly dataDir: string }
  /** Makes the house ready for this state of the site; it serves only after. Throwing refuses the state. */
  readonly furnish: (site: Site) => Promise<void>
  /** A state of the site cannot be opened; the one before goes on. */
  readonly broken: (problems: readonly SiteProblem[]) => void
  /** A changed site serves now. */
  readonly swapped: (swap: Swap) => void
  /** Whether to keep a booted thread at hand, so that a changed site is live sooner. */
  readonly spare: boolean
  /** ms that calls of a replaced thread get to finish. */
  readonly grace: number
  readonly entry?: URL | undefined
}

export interface Swap {
  readonly ms: number
  readonly changed?: readonly string[]
}

/** Keeps one thread of a site serving: replaces it when it is lost or when the site has changed, and never drops a call for that. */
export interface Supervisor {
  /** Loads the site as it now is, and puts it in the place of the one that serves; resolves when it serves or was refused. */
  readonly reload: (changed?: readonly string[]) => Promise<void>
  /** The last faults, newest last. */
  readonly faults: () => readonly FaultEntry[]
  /** Endpoints that are switched off now because of their faults. */
  readonly switchedOff: () => readonly string[]
  readonly close: (grace: number) => Promise<void>
}

export type Supervised = { readonly supervisor: Supervisor } | { readonly broken: readonly SiteProblem[] }

/** Opens the site for the first time. */
export async function superviseSite(options: SupervisorOptions): Promise<Supervised> {
  const supervisor = new ThreadSupervisor(options)
  const problems = await supervisor.open()
  return problems ? { broken: problems } : { supervisor }
}

class ThreadSupervisor implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #factory: ThreadFactory
  readonly #desk = new CallDesk()
  readonly #gate: Gate
  readonly #asks: SiteAsks
  #faultLog: FaultLog | undefined
  #serving: ThreadSite | undefined
  /** Replacing goes one at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  #reloadWaits = false
  #failures = 0
  #closed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { asked, house, readLimits, entry, spare } = options
    this.#factory = new ThreadFactory({
      asked,
      house,
      readLimits,
      entry,
      keepSpare: spare,
      onLost: (site, loss) => this.#lost(site, loss),
      onUncaught: (site, evidence) => this.#uncaught(site, evidence),
    })
    this.#gate = new Gate(options.observer)
    this.#asks = asksOf((task, leaving) => this.#gate.pass(task, () => this.#desk.ask(task, leaving)))
  }

  async open(): Promise<readonly SiteProblem[] | undefined> {
    const opening = await this.#factory.open()
    if ('broken' in opening) {
      await this.#factory.close()
      return opening.broken
    }
    this.#faultLog = new FaultLog(this.#options.readLimits(opening.site.settings).dataDir)
    try {
      await this.#install(opening.site)
    } catch (thrown) {
      await Promise.all([this.#factory.close(), opening.site.close(0)])
      throw thrown
    }
    this.#factory.restock()
    return undefined
  }

  readonly reload: Supervisor['reload'] = (changed) => {
    if (this.#reloadWaits) return this.#turn.then(() => {})
    this.#reloadWaits = true
    return this.#next(async () => {
      this.#reloadWaits = false
      const started = performance.now()
      if (!(await this.#replace())) return
      this.#gate.forget()
      this.#options.swapped({ ms: performance.now() - started, ...(changed ? { changed } : {}) })
    })
  }

  readonly faults: Supervisor['faults'] = () => this.#faultLog?.entries ?? []
  readonly switchedOff: Supervisor['switchedOff'] = () => this.#gate.open

  readonly close: Supervisor['close'] = async (grace) => {
    this.#closed = true
    await this.#factory.close()
    await this.#turn
    this.#desk.giveUp()
    await this.#serving?.close(grace)
    await this.#faultLog?.settled()
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      if (!this.#closed) await work()
    })
    this.#turn = done.catch((thrown: unknown) =>
      this.#options.observer.note({ kind: 'house.failed', where: 'thread', thrown }),
    )
    return done
  }

  /** Opens the site as it is on disk and has it serve; `false` where it cannot: then whatever served goes on. */
  async #replace(): Promise<boolean> {
    const opening = await this.#factory.open()
    if ('broken' in opening) {
      this.#options.broken(opening.broken)
      return false
    }
    try {
      await this.#install(opening.site)
      return true
    } catch (thrown) {
      this.#options.broken([problemOfThrown(thrown)])
      await opening.site.close(0)
      return false
    } finally {
      this.#factory.restock()
    }
  }

  /** From the moment the house is ready, every call goes to the new thread; the old one finishes what it has. */
  async #install(site: ThreadSite): Promise<void> {
    await this.#options.furnish(this.#front(site))
    const old = this.#serving
    this.#serving = site
    this.#desk.staff(site)
    void old?.close(this.#options.grace)
    this.#tidyLater(site)
  }

  /** Loading leaves some 10 MB of rubbish that an idle thread would keep for good. */
  #tidyLater(site: ThreadSite): void {
    setTimeout(() => {
      if (site === this.#serving) site.tidy()
    }, untilTidy).unref()
  }

  /** The site as the house sees it: its data, with calls going to whichever thread serves at the time. */
  #front(site: ThreadSite): Site {
    const { records, types, exposure, hooks, whenNames, packages, problems, settings } = site
    const data = { records, types, exposure, hooks, whenNames, packages, problems, settings }
    return { ...data, ...this.#asks, close: this.close }
  }

  #uncaught(site: ThreadSite, evidence: Evidence): void {
    this.#record(site, evidence)
    if (site !== this.#serving) return
    const started = performance.now()
    void this.#next(async () => {
      if (site === this.#serving && (await this.#replace())) this.#noteReplaced(started)
    })
  }

  #lost(site: ThreadSite, { evidence, left }: Loss): void {
    const fault = this.#record(site, evidence)
    const { again, alone, lost } = sortLeft(left, fault)
    for (const pending of lost) pending.reject(threadLost())
    if (site === this.#serving) this.#restart(fault)
    for (const pending of again) this.#desk.give(pending)
    for (const pending of alone) void this.#retryAlone(pending)
  }

  #restart(fault: Fault): void {
    const started = performance.now()
    this.#serving = undefined
    this.#desk.unstaff()
    const pause = fault.endpoint === undefined ? this.#backOff() : Promise.resolve()
    void this.#next(async () => {
      await pause
      while (!this.#closed && !this.#serving && !(await this.#replace())) {
        this.#desk.giveUp()
        await this.#backOff()
      }
      this.#failures = 0
      this.#noteReplaced(started)
    })
  }

  /** A site that falls over by itself is not started over and over at full speed. */
  async #backOff(): Promise<void> {
    const ms = Math.min(5_000, 50 * 2 ** this.#failures++)
    await new Promise((resolve) => {
      setTimeout(resolve, ms).unref()
    })
  }

  /** The one call that is to blame gets its second try in a thread that serves nobody else. */
  async #retryAlone(pending: Pending): Promise<void> {
    await this.#turn
    const opening = this.#closed ? undefined : await this.#factory.open()
    const site = opening !== undefined && 'site' in opening ? opening.site : undefined
    if (site === undefined || this.#closed) pending.reject(threadLost())
    else site.adopt(pending)
    await site?.close(this.#closed ? 0 : aloneFor)
  }

  #record(site: ThreadSite, evidence: Evidence): Fault {
    const fault = blame(evidence, this.#options.asked.root, site.records)
    this.#options.observer.note({ kind: 'thread.lost', fault })
    this.#faultLog?.add(fault)
    if (fault.endpoint !== undefined) this.#gate.fault(fault.endpoint)
    return fault
  }

  #noteReplaced(started: number): void {
    if (this.#serving) this.#options.observer.note({ kind: 'thread.replaced', ms: performance.now() - started })
  }
}

/** ms after which a site that was opened is taken to have come to rest. */
const untilTidy = 2_000

/** ms; the thread is ended before, as soon as the call is answered. */
const aloneFor = 600_000
