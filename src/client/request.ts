import { ApiError } from './api-error.ts'

/** What may stand in a path or query string; a list travels as one value with commas, and `undefined` is left out. */
export type Text = string | number | boolean | null | undefined | readonly (string | number)[]

/** The parts of one call beside its name, as they come from the caller. */
export interface Parts {
  readonly params?: Readonly<Record<string, Text>>
  readonly query?: Readonly<Record<string, Text>>
  readonly body?: unknown
}

export interface Options {
  /** Ends the call; what was thrown is the signal's reason. */
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** How often a lost call is tried again: 2 for GET, PUT and DELETE; 0 for POST and PATCH, which then carry an idempotency key. */
  readonly retries?: number
}

export interface Prepared {
  readonly url: string
  readonly init: RequestInit & { readonly headers: Record<string, string> }
  readonly retries: number
}

/** `name` is a method and a path with parameters: `GET /api/items/:code`. */
export function prepare(base: string, name: string, given: Parts & Options): Prepared {
  const space = name.indexOf(' ')
  const method = name.slice(0, space)
  const repeatable = method !== 'POST' && method !== 'PATCH'
  const retries = given.retries ?? (repeatable ? 2 : 0)
  const headers: Record<string, string> = { accept: 'application/json', ...given.headers }
  if (given.body !== undefined) headers['content-type'] = 'application/json'
  if (!repeatable && retries > 0) headers['idempotency-key'] ??= crypto.randomUUID()
  const body = given.body === undefined ? null : JSON.stringify(given.body)
  const url = base + fill(name.slice(space + 1), given.params ?? {}) + search(given.query ?? {})
  return { url, init: { method, headers, body, signal: given.signal ?? null }, retries }
}

/** An answer of the server, whatever its status; tries again where none came, or where the server asks for it. */
export async function send(fetch: typeof globalThis.fetch, { url, init, retries }: Prepared): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= retries
    const answer = await fetch(url, init).catch((cause: unknown) => {
      if (init.signal?.aborted) throw init.signal.reason
      if (last)
        throw new ApiError({ code: 'NETWORK', detail: 'The server could not be reached.', hint: 'Try again.' }, cause)
    })
    if (answer && (last || ![502, 503, 504].includes(answer.status))) return answer
    const wait = Number(answer?.headers.get('retry-after')) * 1000 || 200 * 2 ** attempt
    await pause(Math.min(wait, 10_000), init.signal)
  }
}

/** The answer's value, or the problem it tells of. */
export async function read(answer: Response): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? ''
  const text = await answer.text()
  const value: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : text || undefined
  if (answer.ok) return value
  throw new ApiError(
    typeof value === 'object' && value ? value : { status: answer.status, detail: text || answer.statusText },
  )
}

function fill(path: string, params: Readonly<Record<string, Text>>): string {
  return path.replace(/([:*])(\w+)/g, (_, kind: string, name: string) => {
    const text = encodeURIComponent(String(params[name] ?? ''))
    if (text === '') throw new TypeError(`The path ${path} needs ${name}.`)
    return kind === '*' ? text.replaceAll('%2F', '/') : text
  })
}

function search(query: Readonly<Record<string, Text>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : ''
}

function pause(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp)
      resolve()
    }, ms)
    signal?.addEventListener('abort', giveUp)
  })
}
