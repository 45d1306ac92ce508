const slots = 65_536
const heartbeatAt = 0
const lastBegunAt = 1

/**
 * Memory that the house and a thread both see, so that the house can know what a thread did that will never answer again:
 * a count of its event loop's turns, and which calls had begun.
 */
export class SharedState {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #begun: Uint8Array

  constructor(memory = new SharedArrayBuffer(8 + slots)) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, 2)
    this.#begun = new Uint8Array(memory, 8)
  }

  /** By the thread, once a turn. */
  beat(): void {
    Atomics.add(this.#words, heartbeatAt, 1)
  }

  get heartbeat(): number {
    return Atomics.load(this.#words, heartbeatAt)
  }

  /** By the house, before it sends a call: its slot may have served another. */
  expect(sequence: number): void {
    this.#begun[sequence % slots] = 0
  }

  /** By the thread, just before a site's own code gets control. */
  begin(sequence: number): void {
    this.#begun[sequence % slots] = 1
    this.#words[lastBegunAt] = sequence
  }

  hasBegun(sequence: number): boolean {
    return this.#begun[sequence % slots] === 1
  }

  /** Sequence of the call that began last; 0 where none has. */
  get lastBegun(): number {
    return Atomics.load(this.#words, lastBegunAt)
  }
}
