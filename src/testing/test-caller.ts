import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** What goes with a request beside its method and path. */
export interface Asking {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Text and bytes go as they are; anything else as JSON. */
  readonly body?: unknown
  /** Sent as a bearer token. */
  readonly token?: string
}

export interface TestAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The parsed body where it is JSON, else the text. */
  readonly body: unknown
}

/** Somebody who asks: nobody, a token or a user. */
export interface TestCaller {
  /** The path is sent as it is written. */
  readonly request: (method: string, path: string, asking?: Asking) => Promise<TestAnswer>
}

/** Asks over a real socket. A token, where there is one, is looked up when it is first needed. */
export function makeCaller(port: () => number, token?: () => Promise<string>): TestCaller {
  return {
    request: async (method, path, asking = {}) => {
      const bearer = asking.token ?? (token === undefined ? undefined : await token())
      return send({ method, path, port: port() }, { ...asking, ...(bearer === undefined ? {} : { token: bearer }) })
    },
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 200 })

interface Target {
  readonly method: string
  readonly path: string
  readonly port: number
}

/** The answer as soon as its head is there: for those that may never end. Whoever asks must read it or destroy it. */
export async function openAnswer(target: Target, { headers = {}, body, token }: Asking): Promise<IncomingMessage> {
  const { bytes, type } = encoded(body)
  const all = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const sent = httpRequest({ ...target, host: '127.0.0.1', agent, headers: all }, resolve).on('error', reject)
  sent.end(bytes)
  return promise
}

/** Ends the connections to a port on which nothing is asked, so that its server need not wait for them. */
export function hangUp(port: number): void {
  for (const [name, sockets] of Object.entries(agent.freeSockets)) {
    if (name.includes(`:${port}:`)) sockets?.forEach((socket) => socket.destroy())
  }
}

async function send(target: Target, asking: Asking): Promise<TestAnswer> {
  const answer = await openAnswer(target, asking)
  const text = (await buffer(answer)).toString('utf8')
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text,
    body: decoded(answer.headers['content-type'], text),
  }
}

function encoded(body: unknown): { readonly bytes?: Buffer; readonly type?: string } {
  if (body === undefined) return {}
  if (typeof body === 'string') return { bytes: Buffer.from(body) }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body) }
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' }
}

function decoded(type: string | undefined, text: string): unknown {
  return type !== undefined && /\bjson\b/.test(type) && text !== '' ? (JSON.parse(text) as unknown) : text
}
