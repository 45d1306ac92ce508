import { PosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import { Circuits, circuitSeconds } from './circuits.ts'
import type { Task } from './pending.ts'

/** Lets calls through to the site's thread, but for those of an endpoint that is switched off. */
export class Gate {
  readonly #circuits = new Circuits()
  readonly #observer: Observer

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** Rejects with CIRCUIT_OPEN, or does the work; the one call that tries a switched-off endpoint switches it on again. */
  pass<T>(task: Task, work: () => Promise<T>): Promise<T> {
    if (this.#circuits.quiet) return work()
    return this.#passGuarded('call' in task ? task.endpointId : task.work.name, work)
  }

  fault(name: string): void {
    const faults = this.#circuits.fault(name)
    if (faults > 0) this.#observer.note({ kind: 'circuit.opened', endpoint: name, seconds: circuitSeconds, faults })
  }

  forget(): void {
    this.#circuits.forget()
  }

  get open(): readonly string[] {
    return this.#circuits.open
  }

  async #passGuarded<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!this.#circuits.admit(name)) return work()
    try {
      const answer = await work()
      this.#mended(name)
      return answer
    } catch (thrown) {
      if (isLoss(thrown)) this.#circuits.failed(name)
      else this.#mended(name)
      throw thrown
    }
  }

  #mended(name: string): void {
    if (this.#circuits.mended(name)) this.#observer.note({ kind: 'circuit.closed', endpoint: name })
  }
}

/** A refusal of the endpoint's own is as good an answer as any; only a lost thread is not. */
function isLoss(thrown: unknown): boolean {
  return thrown instanceof PosternError && thrown.code === 'SITE_THREAD_LOST'
}
