/**
 * What the content cases cost at least: bare node:http over prepared statements on the very file that Postern made, in
 * the same shapes of query, with the same bytes out. `DATABASE` is the file; `COMMIT=one` commits each create by itself,
 * else all that arrived in one turn of the event loop share a commit.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { FloorDatabase } from './floor-database.ts'
import { FloorWriter } from './floor-writer.ts'
import { callerOf } from './floor-caller.ts'
import { listen, refuse, sendText } from './floor-server.ts'

const file = process.env['DATABASE'] ?? ''
const database = new FloorDatabase(file)
const writer = new FloorWriter(file, process.env['COMMIT'] === 'one')

listen((request, response) => {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (request.method === 'POST') return create(request, response)
  if (path === '/api/articles') return list(request, response, new URLSearchParams(url.slice(mark + 1)))
  if (path === '/api/notes') return listNotes(request, response, new URLSearchParams(url.slice(mark + 1)))
  if (path.startsWith('/api/articles/')) return read(request, response, Number(path.slice(14)))
  refuse(response, 404)
})

function read(request: IncomingMessage, response: ServerResponse, id: number): void {
  const data = database.article(id)
  if (data === undefined) return refuse(response, 404)
  const text = enveloped(request, { api: 'articles', data, path: `/api/articles/${id}`, params: [] })
  sendText(response, text, { more: ['etag', `"v${Number(data['version'])}"`] })
}

function list(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const { data, paging } = database.articles(query)
  const params = Object.fromEntries(query)
  sendText(response, enveloped(request, { api: 'articles', data, paging, path: '/api/articles', params }))
}

function listNotes(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const caller = callerOf(request)
  if (caller === undefined) return refuse(response, 401)
  const { data, paging } = database.notes(caller.id)
  const params = Object.fromEntries(query)
  sendText(response, enveloped(request, { api: 'notes', data, paging, path: '/api/notes', params }))
}

function create(request: IncomingMessage, response: ServerResponse): void {
  const caller = callerOf(request)
  if (caller === undefined) return refuse(response, 401)
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    if (typeof body !== 'object' || body === null) return refuse(response, 400)
    writer.create({ ...body }, caller.id, (data) => {
      const text = enveloped(request, { api: 'objects', data, path: '/api/objects', params: [] })
      const location = `http://${request.headers.host}/api/objects/${Number(data['id'])}`
      sendText(response, text, { status: 201, more: ['location', location, 'etag', '"v1"'] })
    })
  })
}

interface Enveloped {
  readonly api: string
  readonly data: object
  readonly paging?: object
  readonly path: string
  readonly params: object
}

function enveloped(request: IncomingMessage, { api, data, paging, path, params }: Enveloped): string {
  const url = `http://${request.headers.host}${path}`
  return JSON.stringify({
    api,
    data,
    method: request.method?.toLowerCase(),
    ...(paging === undefined ? {} : { paging }),
    params,
    url,
  })
}
