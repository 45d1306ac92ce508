/**
 * A limit on something under way. Most of what a server does is done before its event loop turns; so the timers of all that
 * began in one turn are only made when it ends, for what is then still under way (bench: read one).
 */
export class Deadline {
  readonly #limit: number
  readonly #passed: () => void
  #timer: NodeJS.Timeout | undefined
  #over = false

  /** Calls `passed` after `limit` milliseconds, unless ended before. */
  constructor(limit: number, passed: () => void) {
    this.#limit = limit
    this.#passed = passed
    if (young.length === 0) setImmediate(armAll)
    young.push(this)
  }

  end(): void {
    this.#over = true
    if (this.#timer !== undefined) clearTimeout(this.#timer)
  }

  arm(): void {
    if (!this.#over) this.#timer = setTimeout(this.#passed, this.#limit)
  }
}

/** What began in this turn of the event loop. */
let young: Deadline[] = []

function armAll(): void {
  const begun = young
  young = []
  for (const deadline of begun) deadline.arm()
}
