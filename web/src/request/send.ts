import type { Draft } from './draft.ts'

export interface Exchange {
  readonly method: string
  readonly address: string
  readonly body: string
  readonly status: number
  readonly reason: string
  readonly ms: number
  readonly bytes: number
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
}

/** Sends what the draft says and nothing more: no cookie, unless this browser's own session was asked for. */
export async function send(draft: Draft, address: string, token: string | undefined): Promise<Exchange> {
  const hasBody = draft.verb !== 'GET' && draft.body.trim() !== ''
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (hasBody) headers['content-type'] = 'application/json'
  const started = performance.now()
  const body = hasBody ? draft.body : null
  const answer = await fetch(address, {
    method: draft.verb,
    headers,
    body,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
  })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const ms = performance.now() - started
  return {
    method: draft.verb,
    address,
    body: hasBody ? draft.body : '',
    status: answer.status,
    reason: reasonOf(answer),
    ms,
    bytes: bytes.byteLength,
    headers: [...answer.headers],
    text: new TextDecoder().decode(bytes),
  }
}

/** A browser follows a redirect or hides it; hidden, it is at least not taken for an answer. */
function reasonOf({ type, status, statusText }: Response): string {
  if (type === 'opaqueredirect') return 'Redirect, whose target a browser does not tell'
  return statusText || (reasons[status] ?? '')
}

/** HTTP/2 carries no reason phrase. */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
