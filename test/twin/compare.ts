import type { Answer } from '../../src/pipeline/answer.ts'
import type { TestSite } from '../../src/testing/index.ts'
import { plainIncoming } from './incoming.ts'
import type { MadeRequest } from './request-maker.ts'
import type { Twins } from './twin-sites.ts'

export interface Difference {
  readonly request: MadeRequest
  readonly left: string
  readonly right: string
}

/** The two whole answers (status, headers, body) where they are not the same text. */
export async function differenceOf(twins: Twins, request: MadeRequest): Promise<Difference | undefined> {
  const token = request.as === 'insider' ? twins.insider : twins.tokens[request.as]
  const [left, right] = await Promise.all([ask(twins.left, request, token), ask(twins.right, request, token)])
  return left === right ? undefined : { request, left, right }
}

async function ask({ house }: TestSite, request: MadeRequest, token: string | undefined): Promise<string> {
  return textOf(await house.answer(plainIncoming({ ...request, token })))
}

async function textOf({ status, headers, body }: Answer): Promise<string> {
  const text =
    typeof body === 'string' || body === null
      ? body
      : await new Response(body instanceof Uint8Array ? new Uint8Array(body) : body).text()
  return JSON.stringify([status, headers, text])
}
