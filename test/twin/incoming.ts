import type { Incoming } from '../../src/pipeline/incoming.ts'

export interface PlainRequest {
  readonly method: string
  readonly target: string
  readonly token?: string | undefined
  readonly body?: string | undefined
}

/** A request for `house.answer`, past sockets: for tests that ask tens of thousands. */
export function plainIncoming({ method, target, token, body }: PlainRequest): Incoming {
  const [path = '', search = ''] = target.split('?')
  const bytes = new TextEncoder().encode(body ?? '')
  const headers: Record<string, string> = { host: 'site.test' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (body !== undefined)
    Object.assign(headers, { 'content-type': 'application/json', 'content-length': String(bytes.length) })
  return {
    id: 'plain',
    method,
    path,
    search,
    headers,
    rawHeaders: Object.entries(headers).flat(),
    base: 'http://site.test',
    ip: '127.0.0.1',
    signal: () => new AbortController().signal,
    body: async () => bytes,
  }
}
