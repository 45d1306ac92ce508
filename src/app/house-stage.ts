import { Cancel } from '../pipeline/cancel.ts'
import type { Incoming } from '../pipeline/incoming.ts'
import type { Services } from '../pipeline/ports.ts'
import type { Stage } from '../pipeline/stage.ts'

/** Where a built-in endpoint is performed. Its signal also ends when the client leaves, once somebody looks at it. */
export class HouseStage implements Stage {
  readonly services: Services
  readonly #incoming: Incoming
  #cancel: Cancel | undefined

  constructor(services: Services, incoming: Incoming) {
    this.services = services
    this.#incoming = incoming
  }

  get abort(): Cancel {
    if (this.#cancel) return this.#cancel
    const cancel = new Cancel()
    this.#cancel = cancel
    const leaving = this.#incoming.signal()
    if (leaving.aborted) cancel.abort()
    else leaving.addEventListener('abort', () => cancel.abort(), { once: true })
    return cancel
  }
}
