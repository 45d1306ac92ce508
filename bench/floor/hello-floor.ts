/**
 * The least that a server can do for the hello cases: bare node:http, no framework, one map for a router, and the same
 * bytes on the wire as Postern (bench/answers-alike.test.ts compares them).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { callerOf } from './floor-caller.ts'
import { listen, refuse, sendText } from './floor-server.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, search: string) => void

const find = z.strictObject({
  name: z.string().min(1).max(40),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
const seekNames = new Set(['name', 'limit'])

const routes = new Map<string, Answer>([
  ['/api/public/hello', sendHello],
  ['/greetings/open', sendHello],
  ['/api/greeter/public', sendHello],
  [
    '/api/greet',
    (request, response) => sendEnveloped(request, response, { api: 'greet', data: { hello: 'world' }, params: [] }),
  ],
  ['/api/hello', guarded(sendHello)],
  ['/greetings/closed', guarded(sendHello)],
  ['/api/greeter/hello', guarded(sendHello)],
  [
    '/api/welcome',
    guarded((request, response) =>
      sendEnveloped(request, response, { api: 'welcome', data: { hello: 'world' }, params: [] }),
    ),
  ],
  ['/api/find', guarded(sendFound)],
  ['/api/greeter/find', guarded(sendFound)],
  ['/api/seek', guarded(sendSought)],
])

listen((request, response) => {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const answer = routes.get(mark === -1 ? url : url.slice(0, mark))
  if (answer === undefined) refuse(response, 404)
  else answer(request, response, mark === -1 ? '' : url.slice(mark + 1))
})

function guarded(answer: Answer): Answer {
  return (request, response, search) => {
    if (callerOf(request) === undefined) refuse(response, 401)
    else answer(request, response, search)
  }
}

function sendHello(_request: IncomingMessage, response: ServerResponse): void {
  sendText(response, JSON.stringify({ hello: 'world' }))
}

function sendFound(_request: IncomingMessage, response: ServerResponse, search: string): void {
  const parsed = find.safeParse(Object.fromEntries(new URLSearchParams(search)))
  if (parsed.success) sendText(response, JSON.stringify({ name: parsed.data.name, limit: parsed.data.limit }))
  else refuse(response, 400)
}

/** The controller's query names are an allow-list; its values are text. */
function sendSought(request: IncomingMessage, response: ServerResponse, search: string): void {
  const params = Object.fromEntries(new URLSearchParams(search))
  if (Object.keys(params).some((name) => !seekNames.has(name))) return refuse(response, 400)
  const data = { name: params['name'], limit: Number(params['limit'] ?? 20) }
  sendEnveloped(request, response, { api: 'seek', data, params })
}

interface Enveloped {
  readonly api: string
  readonly data: object
  readonly params: object
}

function sendEnveloped(request: IncomingMessage, response: ServerResponse, { api, data, params }: Enveloped): void {
  const url = `http://${request.headers.host}/api/${api}`
  sendText(response, JSON.stringify({ api, data, method: 'get', params, url }))
}
