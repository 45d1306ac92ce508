import { PosternError } from '../errors/postern-error.ts'

const window = 60_000
const openFor = 30_000
const limit = 6

interface Circuit {
  /** When its faults happened, on the monotonic clock. */
  faults: number[]
  openUntil: number
  /** One call is let through to see whether the endpoint is mended. */
  trying: boolean
}

/** Switches an endpoint off that brought the site's thread down too often, and tries it again after a while. */
export class Circuits {
  readonly #circuits = new Map<string, Circuit>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Nothing to look at: the common case, so that a call pays for a comparison only. */
  get quiet(): boolean {
    return this.#circuits.size === 0
  }

  /** Throws CIRCUIT_OPEN; `true` where the call is the one trial of an endpoint that was switched off. */
  admit(name: string): boolean {
    const circuit = this.#circuits.get(name)
    if (!circuit || circuit.openUntil === 0) return false
    const left = circuit.openUntil - this.#now()
    if (left > 0 || circuit.trying) throw refusal(name, left)
    circuit.trying = true
    return true
  }

  /** The trial was answered: the endpoint is on again. Says whether it had been off. */
  mended(name: string): boolean {
    return this.#circuits.delete(name)
  }

  /** The trial was lost with its thread, whoever is blamed for that. */
  failed(name: string): void {
    const circuit = this.#circuits.get(name)
    if (!circuit?.trying) return
    circuit.trying = false
    circuit.openUntil = this.#now() + openFor
  }

  /** Counts a fault; the number of faults where that switches the endpoint off, else 0. */
  fault(name: string): number {
    const now = this.#now()
    const circuit = this.#circuits.get(name) ?? { faults: [], openUntil: 0, trying: false }
    this.#circuits.set(name, circuit)
    circuit.faults = [...circuit.faults.filter((at) => now - at < window), now]
    const opens = circuit.trying || (circuit.faults.length >= limit && circuit.openUntil <= now)
    if (!opens) return 0
    circuit.trying = false
    circuit.openUntil = now + openFor
    return circuit.faults.length
  }

  /** Other code is served now: nothing is held against it. */
  forget(): void {
    this.#circuits.clear()
  }

  /** Names of the endpoints that are switched off now. */
  get open(): readonly string[] {
    return [...this.#circuits].filter(([, circuit]) => circuit.openUntil > this.#now()).map(([name]) => name)
  }
}

export const circuitSeconds = openFor / 1_000

function refusal(name: string, left: number): PosternError {
  const seconds = String(Math.max(1, Math.ceil(left / 1_000)))
  const detail = `${name} stopped the site's code ${limit} times within a minute and is switched off.`
  return new PosternError('CIRCUIT_OPEN', detail, { headers: { 'retry-after': seconds } })
}
