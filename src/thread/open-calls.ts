const smallest = 256

/**
 * What is under way, by a number that only grows. Not a `Map`: at tens of thousands of entries that come and go each second
 * it is made anew all the time, the old one points to the new one, and V8 then keeps all that ever was in them until the next
 * full collection, which was a fifth of the time of a call through a thread (bench: hello). Here an entry has a place in
 * a ring, and moves aside when its place is needed before it is taken out.
 */
export class OpenCalls<T> {
  #size = 0
  #keys: number[] = places(smallest, -1)
  #values: (T | undefined)[] = places(smallest, undefined)
  /** Those that lasted for a whole round of the ring. */
  readonly #lasting = new Map<number, T>()

  get size(): number {
    return this.#size
  }

  add(key: number, value: T): void {
    if (this.#size >= this.#keys.length) this.#grow()
    const place = key % this.#keys.length
    const there = this.#values[place]
    if (there !== undefined) this.#lasting.set(this.#keys[place] ?? -1, there)
    this.#keys[place] = key
    this.#values[place] = value
    this.#size++
  }

  get(key: number): T | undefined {
    const place = key % this.#keys.length
    return this.#keys[place] === key ? this.#values[place] : this.#lasting.get(key)
  }

  /** Takes it out; nothing where it is not there. */
  take(key: number): T | undefined {
    const value = this.get(key)
    if (value === undefined) return undefined
    const place = key % this.#keys.length
    if (this.#keys[place] === key) {
      this.#keys[place] = -1
      this.#values[place] = undefined
    } else this.#lasting.delete(key)
    this.#size--
    return value
  }

  /** In the order of their numbers. */
  entries(): readonly (readonly [number, T])[] {
    const found: (readonly [number, T])[] = [...this.#lasting]
    for (const [place, value] of this.#values.entries()) {
      if (value !== undefined) found.push([this.#keys[place] ?? -1, value])
    }
    return found.sort(([one], [other]) => one - other)
  }

  clear(): void {
    this.#size = 0
    this.#keys.fill(-1)
    this.#values.fill(undefined)
    this.#lasting.clear()
  }

  #grow(): void {
    const length = this.#keys.length * 4
    const entries = this.entries()
    this.#keys = places(length, -1)
    this.#values = places(length, undefined)
    this.#lasting.clear()
    this.#size = 0
    for (const [key, value] of entries) this.add(key, value)
  }
}

function places<T>(count: number, filling: T): T[] {
  return Array.from({ length: count }, () => filling)
}
