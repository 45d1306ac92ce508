import type { Caller } from '../endpoint/caller.ts'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Answer } from '../pipeline/answer.ts'
import { StreamSink } from './answer-stream.ts'
import { writeCall } from './crossed-call.ts'
import { fromErrorData, toErrorData, type ErrorData } from './error-data.ts'
import { Outbox } from './outbox.ts'
import { OpenCalls } from './open-calls.ts'
import type { Pending } from './pending.ts'
import { Reader, toHouse, toThread } from './protocol.ts'
import { fromResultData, type ResultData } from './result-data.ts'
import type { SharedState } from './shared-state.ts'
import type { Actor, HouseServices, LogLine } from './site.ts'

/** Callers a thread remembers by number, before all are forgotten and numbered anew. */
const maxCallers = 1_000

/** Askings whose names are kept, for blame when they have been answered already. */
const remembered = 256

/** The house's end of the traffic with one thread: what was asked and not yet answered, and the streams under way. */
export class HouseEnd {
  /** By sequence, in the order of asking. */
  readonly pending = new OpenCalls<Pending>()
  readonly shared: SharedState
  readonly #outbox: Outbox
  readonly #house: HouseServices
  readonly #streams = new Map<number, StreamSink>()
  readonly #headers = new Map<number, Answer['headers']>()
  #indexOf: ReadonlyMap<string, number> = new Map()
  #callerNumbers = new WeakMap<Caller, number>()
  #callerCount = 0
  #sequence = 0
  readonly #names: (string | undefined)[] = Array.from({ length: remembered })
  #idle = Promise.withResolvers<void>()

  constructor(host: Host, house: HouseServices) {
    this.#outbox = new Outbox(host.worker)
    this.shared = host.shared
    this.#house = house
  }

  /** The site is loaded: endpoints cross as their place among these. */
  open(endpointIds: readonly string[]): void {
    this.#indexOf = new Map(endpointIds.map((id, index) => [id, index]))
  }

  get busy(): boolean {
    return this.pending.size > 0 || this.#streams.size > 0
  }

  /** Sends it in this turn's message. */
  ask(pending: Pending): void {
    const sequence = ++this.#sequence
    this.pending.add(sequence, pending)
    this.#names[sequence % remembered] = pending.name
    this.shared.expect(sequence)
    const { task } = pending
    if ('call' in task) {
      const callerNumber = this.#callerNumber(task.call.caller)
      const to = this.#outbox.open()
      to.push(toThread.call, sequence, this.#indexOf.get(task.endpointId) ?? -1)
      writeCall(to, task.call, callerNumber)
    } else {
      this.#outbox.open().push(toThread.work, sequence)
      this.#outbox.appendDoubtful(task.work, (cause) => this.#settle(sequence)?.reject(cause))
    }
  }

  ping(): void {
    this.#outbox.open().push(toThread.ping)
  }

  tidy(): void {
    this.#outbox.open().push(toThread.tidy)
  }

  abort(sequence: number): void {
    this.#outbox.open().push(toThread.abort, sequence)
  }

  /** Gives up on one: what the thread says of it later is not heard. */
  forsake(sequence: number, reason: PosternError): void {
    this.abort(sequence)
    this.#settle(sequence)?.reject(reason)
    this.#rest()
  }

  receive(values: readonly unknown[]): void {
    const from = new Reader(values)
    while (!from.done) must(this.#takers[from.next<number>()], 'both ends know the same kinds')(from)
    this.#rest()
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    while (this.busy) {
      this.#idle = Promise.withResolvers()
      await this.#idle.promise
    }
  }

  /** The thread is gone: takes out what it had not answered, each with whether it had begun, and breaks the streams. */
  surrender(): readonly Surrendered[] {
    const left = this.pending
      .entries()
      .map(([sequence, pending]) => ({ pending, begun: this.shared.hasBegun(sequence) }))
    this.pending.clear()
    const lost = new PosternError('SITE_THREAD_LOST', 'The answer broke off.')
    for (const sink of this.#streams.values()) sink.fail(lost)
    this.#streams.clear()
    this.#idle.resolve()
    return left
  }

  /** What was asked under this sequence, as long as it is among the last. */
  nameOf(sequence: number): string | undefined {
    if (sequence === 0 || sequence <= this.#sequence - remembered) return undefined
    return this.#names[sequence % remembered]
  }

  /** Each takes exactly the values its kind has, also where nobody waits for them any more. */
  readonly #takers: Readonly<Record<number, (from: Reader) => void>> = {
    [toHouse.headers]: (from) => this.#headers.set(from.next(), from.next()),
    [toHouse.answer]: (from) => this.#answered(from.next(), { ...this.#head(from), body: from.next() }),
    [toHouse.error]: (from) => this.#failed(from.next(), from.next()),
    [toHouse.done]: (from) => this.#done(from.next(), from.next()),
    [toHouse.stream]: (from) => this.#streamed(from.next(), this.#head(from)),
    [toHouse.chunk]: (from) => this.#chunk(from.next(), from.next()),
    [toHouse.streamEnd]: (from) => this.#endStream(from.next(), from.next()),
    [toHouse.streamError]: (from) => this.#endStream(from.next(), from.next()),
    [toHouse.ask]: (from) =>
      this.#operate({ question: from.next(), operation: from.next(), actor: from.next(), input: from.next() }),
    [toHouse.log]: (from) => this.#log(from.next()),
  }

  #head(from: Reader): Omit<Answer, 'body'> {
    const status = from.next<number>()
    const headers = from.next<number | Answer['headers']>()
    return {
      status,
      headers:
        typeof headers === 'number' ? must(this.#headers.get(headers), 'headers cross before their number') : headers,
    }
  }

  #answered(sequence: number, answer: Answer): void {
    this.#settle(sequence)?.resolve(answer)
  }

  #failed(sequence: number, error: ErrorData): void {
    this.#settle(sequence)?.reject(fromErrorData(error))
  }

  /** Without a result: it was not plain data, and an error follows. */
  #done(sequence: number, result: ResultData | undefined): void {
    if (result) this.#settle(sequence)?.resolve(fromResultData(result))
  }

  #streamed(sequence: number, head: Omit<Answer, 'body'>): void {
    const drop = () => {
      this.#streams.delete(sequence)
      this.#outbox.open().push(toThread.dropStream, sequence)
      this.#rest()
    }
    const pending = this.#settle(sequence)
    if (!pending) return drop()
    const sink = new StreamSink({
      pull: (count) => void this.#outbox.open().push(toThread.pull, sequence, count),
      drop,
    })
    this.#streams.set(sequence, sink)
    pending.resolve({ ...head, body: sink.stream } satisfies Answer)
  }

  #chunk(sequence: number, bytes: Uint8Array): void {
    this.#streams.get(sequence)?.chunk(bytes)
  }

  #endStream(sequence: number, error: ErrorData | undefined): void {
    const sink = this.#streams.get(sequence)
    this.#streams.delete(sequence)
    if (error) sink?.fail(fromErrorData(error))
    else sink?.end()
  }

  #operate({ question, operation, actor, input }: Asked): void {
    this.#house.operate(operation, input, actor).then(
      (result) => {
        this.#outbox.open().push(toThread.answered, question)
        this.#outbox.appendDoubtful(result, () => {})
      },
      (thrown: unknown) => this.#outbox.open().push(toThread.refused, question, toErrorData(thrown)),
    )
  }

  #log(line: LogLine | undefined): void {
    if (line) this.#house.log(line)
  }

  #settle(sequence: number): Pending | undefined {
    return this.pending.take(sequence)
  }

  #callerNumber(caller: Caller): number {
    if (caller.kind === 'anonymous') return 0
    const known = this.#callerNumbers.get(caller)
    if (known !== undefined) return known
    if (this.#callerCount === maxCallers) this.#forgetCallers()
    this.#callerNumbers.set(caller, ++this.#callerCount)
    this.#outbox.open().push(toThread.caller, this.#callerCount, caller)
    return this.#callerCount
  }

  #forgetCallers(): void {
    this.#callerNumbers = new WeakMap()
    this.#callerCount = 0
    this.#outbox.open().push(toThread.forgetCallers)
  }

  #rest(): void {
    if (!this.busy) this.#idle.resolve()
  }
}

interface Host {
  readonly worker: { readonly postMessage: (message: unknown) => void }
  readonly shared: SharedState
}

export interface Surrendered {
  readonly pending: Pending
  readonly begun: boolean
}

interface Asked {
  readonly question: number
  readonly operation: string
  readonly actor: Actor
  readonly input: unknown
}
