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

  /** Never rejects and never throws: the last thing that could go wrong is answered as INTERNAL. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now()
    this.underWay++
    const incoming = new HttpIncoming(this.#desk.reception, request, response)
    let status = 500
    try {
      const answer = await this.#answer(request, incoming)
      status = answer.status
      await this.#send(request, response, { answer, id: incoming.id })
    } catch (thrown) {
      this.#giveUp(response, { incoming, thrown })
    } finally {
      this.underWay--
      const { id, method, path, search, ip } = incoming
      this.#desk.observer.note({
        kind: 'request.done',
        id,
        method,
        path,
        search,
        status,
        ms: performance.now() - started,
        ip,
      })
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

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    { answer, id }: { answer: Answer; id: string },
  ): Promise<void> {
    const cors = this.#desk.cors.headersFor(request)
    await writeAnswer(request, response, {
      answer,
      sending: { id, cors, ending: this.#ending.signal },
    })
  }

  #giveUp(response: ServerResponse, { incoming, thrown }: { incoming: Incoming; thrown: unknown }): void {
    this.#desk.observer.note({ kind: 'house.failed', where: `answering ${incoming.method} ${incoming.path}`, thrown })
    if (response.headersSent) return void response.destroy()
    const { status, headers, body } = problem(
      new PosternError('INTERNAL', 'Something went wrong on our side.'),
      incoming.id,
    )
    response.writeHead(status, { ...headers, 'x-request-id': incoming.id, connection: 'close' }).end(body)
  }
}
