import type { IncomingMessage, ServerResponse } from 'node:http'
import { PosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { Answer } from '../pipeline/answer.ts'
import type { Incoming } from '../pipeline/incoming.ts'
import { problem } from '../pipeline/problem.ts'
import type { Cors } from './cors.ts'
import type { House } from './house.ts'
import { HttpIncoming, type Reception } from './http-incoming.ts'
import { pageFor, type Page } from './page.ts'
import { writeAnswer } from './write-answer.ts'

export interface Desk {
  readonly house: Pick<House, 'answer'>
  readonly pages: readonly Page[]
  readonly cors: Cors
  readonly observer: Observer
  readonly reception: Reception
}

/** Takes requests one by one, from the parser to the last byte. */
export class FrontDesk {
  /** Requests that are not answered yet. */
  underWay = 0
  readonly #ending = new AbortController()
  readonly #desk: Desk

  constructor(desk: Desk) {
    this.#desk = desk
  }

  get stopping(): boolean {
    return this.#ending.signal.aborted
  }

  /** From now on each answer ends its connection, and streams of events end now. */
  stop(): void {
    this.#ending.abort()
  }

  /**
   * Never throws: the last thing that could go wrong is answered as INTERNAL. An answer that is at hand is written in the
   * same turn, and one that is no stream needs no promise of its own (bench/cases/hello.ts shows what that is worth).
   */
  receive(request: IncomingMessage, response: ServerResponse): void {
    const exchange: Exchange = {
      request,
      response,
      incoming: new HttpIncoming(this.#desk.reception, request, response),
      started: performance.now(),
      status: 500,
    }
    this.underWay++
    try {
      const answer = this.#answer(request, exchange.incoming)
      if (!(answer instanceof Promise)) return this.#send(exchange, answer)
      answer.then(
        (found) => this.#send(exchange, found),
        (thrown: unknown) => this.#giveUp(exchange, thrown),
      )
    } catch (thrown) {
      this.#giveUp(exchange, thrown)
    }
  }

  #answer(request: IncomingMessage, incoming: HttpIncoming): Answer | Promise<Answer> {
    const refusal = incoming.refusal()
    if (incoming.method === 'OPTIONS') return this.#options(request, incoming)
    if (refusal !== undefined) return problem(refusal, incoming.id)
    const page = pageFor(this.#desk.pages, incoming.path)
    return page === undefined ? this.#desk.house.answer(incoming) : this.#fromPage(page, incoming)
  }

  /** What may be done with a path: the `Allow` of the 405 that the road gives to a verb that nobody can claim. */
  async #options(request: IncomingMessage, incoming: HttpIncoming): Promise<Answer> {
    const preflight = this.#desk.cors.preflight(request)
    if (preflight !== undefined) return preflight
    if (incoming.path === '*') return { status: 204, headers: {}, body: null }
    const refusal = incoming.refusal()
    if (refusal !== undefined) return problem(refusal, incoming.id)
    const answer = await this.#desk.house.answer(incoming)
    const { allow } = answer.headers
    return answer.status === 405 && allow !== undefined ? { status: 204, headers: { allow }, body: null } : answer
  }

  async #fromPage(page: Page, incoming: Incoming): Promise<Answer> {
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
      const refusal = new PosternError('METHOD_NOT_ALLOWED', `${page.path} can only be read.`, {
        headers: { allow: 'GET, HEAD' },
      })
      return problem(refusal, incoming.id)
    }
    return page.answer(incoming)
  }

  #send(exchange: Exchange, answer: Answer): void {
    try {
      exchange.status = answer.status
      const cors = this.#desk.cors.headersFor(exchange.request)
      const sending = { id: exchange.incoming.id, cors, ending: this.#ending.signal }
      const writing = writeAnswer(exchange.request, exchange.response, { answer, sending })
      if (writing === undefined) return this.#done(exchange)
      writing.then(
        () => this.#done(exchange),
        (thrown: unknown) => this.#giveUp(exchange, thrown),
      )
    } catch (thrown) {
      this.#giveUp(exchange, thrown)
    }
  }

  #done({ incoming, started, status }: Exchange): void {
    this.underWay--
    const { id, method, path, search, ip } = incoming
    const ms = performance.now() - started
    this.#desk.observer.note({ kind: 'request.done', id, method, path, search, status, ms, ip })
  }

  #giveUp(exchange: Exchange, thrown: unknown): void {
    const { incoming, response } = exchange
    exchange.status = 500
    this.#desk.observer.note({ kind: 'house.failed', where: `answering ${incoming.method} ${incoming.path}`, thrown })
    this.#done(exchange)
    if (response.headersSent) return void response.destroy()
    const refusal = new PosternError('INTERNAL', 'Something went wrong on our side.')
    const { status, headers, body } = problem(refusal, incoming.id)
    response.writeHead(status, { ...headers, 'x-request-id': incoming.id, connection: 'close' }).end(body)
  }
}

/** One request on its way. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly incoming: HttpIncoming
  readonly started: number
  status: number
}
