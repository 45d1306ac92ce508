import type { MessagePort } from 'node:worker_threads'
import type { Caller } from '../endpoint/caller.ts'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Answer } from '../pipeline/answer.ts'
import { following, orElse } from '../errors/awaitable.ts'
import { Cancel } from '../pipeline/cancel.ts'
import type { Services } from '../pipeline/ports.ts'
import type { Stage } from '../pipeline/stage.ts'
import { StreamSource } from './answer-stream.ts'
import { isDetached, ownBytes, readCall, type Callers } from './crossed-call.ts'
import { fromErrorData, toErrorData } from './error-data.ts'
import { Outbox } from './outbox.ts'
import { OpenCalls } from './open-calls.ts'
import { collectOwnGarbage } from './own-garbage.ts'
import { Reader, toHouse, toThread, type Work } from './protocol.ts'
import { fromResultData, toResultData } from './result-data.ts'
import type { SharedState } from './shared-state.ts'
import type { SiteRuntime } from './site-runtime.ts'
import type { Actor, HouseServices } from './site.ts'

/** The thread's end of the traffic: reads what the house asks, has the site's code run, and sends what came of it. */
export class SiteThread {
  /** What a site's own code may ask of the house. */
  readonly house: HouseServices
  readonly #shared: SharedState
  readonly #outbox: Outbox
  readonly #callers: Callers = new Map<number, Caller>()
  readonly #running = new OpenCalls<CallStage>()
  readonly #streams = new Map<number, StreamSource>()
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #headerNumbers = new WeakMap<object, number>()
  #headerCount = 0
  #questionCount = 0
  #runtime: SiteRuntime | undefined
  #services: Services | undefined
  #ids: readonly string[] = []

  constructor(port: MessagePort, shared: SharedState) {
    this.#shared = shared
    this.#outbox = new Outbox(port, () => shared.beat())
    this.house = {
      operate: (operation, input, actor) => this.#ask(operation, input, actor),
      log: (line) => {
        const to = this.#outbox.open()
        to.push(toHouse.log)
        this.#outbox.appendDoubtful(line, () => {})
      },
    }
  }

  serve(runtime: SiteRuntime, services: Services): void {
    this.#runtime = runtime
    this.#services = services
    this.#ids = runtime.records.map((record) => record.id)
  }

  receive(values: readonly unknown[]): void {
    this.#shared.beat()
    const from = new Reader(values)
    while (!from.done) must(this.#takers[from.next<number>()], 'both ends know the same kinds')(from)
  }

  readonly #takers: Readonly<Record<number, (from: Reader) => void>> = {
    [toThread.caller]: (from) => this.#callers.set(from.next(), from.next()),
    [toThread.forgetCallers]: () => this.#callers.clear(),
    [toThread.call]: (from) => this.#call(from),
    [toThread.work]: (from) => this.#work(from.next(), from.next()),
    [toThread.abort]: (from) => this.#running.get(from.next())?.abort.abort(),
    [toThread.pull]: (from) => this.#pull(from.next(), from.next()),
    [toThread.dropStream]: (from) => this.#streams.get(from.next())?.drop(),
    [toThread.answered]: (from) => this.#question(from.next()).resolve(from.next()),
    [toThread.refused]: (from) => this.#question(from.next()).reject(fromErrorData(from.next())),
    [toThread.ping]: () => {},
    [toThread.tidy]: () => collectOwnGarbage(),
  }

  #pull(sequence: number, count: number): void {
    this.#streams.get(sequence)?.pull(count)
  }

  #call(from: Reader): void {
    const sequence = from.next<number>()
    const id = this.#ids[from.next<number>()] ?? ''
    const call = readCall(from, this.#callers)
    const stage = this.#stage(sequence)
    const runtime = must(this.#runtime, 'no call comes before the site is loaded')
    void orElse(
      () => following(runtime.perform(id, call, stage), (answer) => this.#answer(sequence, answer)),
      (thrown) => this.#fail(sequence, thrown),
    )
  }

  #work(sequence: number, work: Work): void {
    this.#do(work, this.#stage(sequence)).then(
      (result) => {
        if (!this.#running.take(sequence)) return
        this.#outbox.open().push(toHouse.done, sequence)
        this.#outbox.appendDoubtful(toResultData(result), (cause) => this.#error(sequence, notPlain(cause)))
      },
      (thrown: unknown) => this.#fail(sequence, thrown),
    )
  }

  #do(work: Work, at: CallStage): Promise<unknown> {
    const runtime = must(this.#runtime, 'no work comes before the site is loaded')
    switch (work.kind) {
      case 'before':
        return runtime.before(work.name, work.call, at)
      case 'after':
        return runtime.after(work.name, { call: work.call, result: fromResultData(work.result) }, at)
      case 'decide':
        at.began()
        return runtime.decide(work.name, work.input)
      case 'operation':
        at.began()
        return runtime.operationHook(work.name, work.input)
    }
  }

  #stage(sequence: number): CallStage {
    const stage = new CallStage(sequence, this.#shared, must(this.#services, 'no call comes before the site is loaded'))
    this.#running.add(sequence, stage)
    return stage
  }

  #answer(sequence: number, { status, headers, body }: Answer): void {
    this.#running.take(sequence)
    if (body instanceof ReadableStream) return this.#stream(sequence, { status, headers, body })
    if (body instanceof Uint8Array && isDetached(body)) return this.#error(sequence, notPlain(undefined))
    const known = this.#headers(headers)
    this.#outbox
      .open()
      .push(toHouse.answer, sequence, status, known, body instanceof Uint8Array ? ownBytes(body) : body)
  }

  #stream(sequence: number, { status, headers, body }: Answer & { readonly body: ReadableStream<unknown> }): void {
    if (body.locked) return this.#error(sequence, new PosternError('BAD_ANSWER', 'The stream is already being read.'))
    const source = new StreamSource(sequence, body, this.#outbox)
    this.#streams.set(sequence, source)
    this.#outbox.open().push(toHouse.stream, sequence, status, this.#headers(headers))
    source.ended.then(() => this.#streams.delete(sequence)).catch(() => {})
  }

  /** Frozen headers are constants of the road: they cross once, then as a number. */
  #headers(headers: Answer['headers']): number | Answer['headers'] {
    if (!Object.isFrozen(headers)) return headers
    const number = this.#headerNumbers.get(headers)
    if (number !== undefined) return number
    this.#headerNumbers.set(headers, ++this.#headerCount)
    this.#outbox.open().push(toHouse.headers, this.#headerCount, headers)
    return this.#headerCount
  }

  #fail(sequence: number, thrown: unknown): void {
    if (this.#running.take(sequence)) this.#error(sequence, thrown)
  }

  #error(sequence: number, thrown: unknown): void {
    this.#outbox.open().push(toHouse.error, sequence, toErrorData(thrown))
  }

  #ask(operation: string, input: unknown, actor: Actor): Promise<unknown> {
    const number = ++this.#questionCount
    const question = Promise.withResolvers<unknown>()
    this.#questions.set(number, question)
    this.#outbox.open().push(toHouse.ask, number, operation, actor)
    this.#outbox.appendDoubtful(input, (cause) => this.#question(number).reject(notContent(cause)))
    return question.promise
  }

  #question(number: number): PromiseWithResolvers<unknown> {
    const question = must(this.#questions.get(number), 'a question is answered once')
    this.#questions.delete(number)
    return question
  }
}

class CallStage implements Stage {
  readonly services: Services
  readonly abort = new Cancel()
  readonly #sequence: number
  readonly #shared: SharedState

  constructor(sequence: number, shared: SharedState, services: Services) {
    this.#sequence = sequence
    this.#shared = shared
    this.services = services
  }

  began(): void {
    this.#shared.begin(this.#sequence)
  }
}

function notContent(cause: unknown): PosternError {
  return new PosternError('INVALID', 'Content is made of plain data: no functions, symbols or classes.', { cause })
}

function notPlain(cause: unknown): PosternError {
  return new PosternError('BAD_ANSWER', 'Between a site and the house only plain data can travel.', { cause })
}
